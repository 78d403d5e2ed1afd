import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Store } from '@ranked/store';

/** Injection token of the opened {@link Store}: `@Inject(STORE) private readonly store: Store`. */
export const STORE = Symbol('STORE');

/**
 * Gives every module the one opened store. It is opened before Nest starts and closed after Nest has
 * closed, so no module's shutdown hook ever meets a closed store.
 */
@Global()
@Module({})
export class StoreModule {
  static with(store: Store): DynamicModule {
    return { module: StoreModule, providers: [{ provide: STORE, useValue: store }], exports: [STORE] };
  }
}
