import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Store } from '@ranked/store';

/** Injection token of the database. */
export const STORE = Symbol('STORE');

/** Gives every module the database. */
@Global()
@Module({})
export class StoreModule {
  static with(store: Store): DynamicModule {
    return { module: StoreModule, providers: [{ provide: STORE, useValue: store }], exports: [STORE] };
  }
}
