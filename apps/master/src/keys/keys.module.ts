import { Global, Module, type DynamicModule } from '@nestjs/common';
import { MasterKeys } from './master-keys.js';

/** Gives every module the master's signing key. */
@Global()
@Module({})
export class KeysModule {
  static with(keys: MasterKeys): DynamicModule {
    return {
      module: KeysModule,
      providers: [{ provide: MasterKeys, useValue: keys }],
      exports: [MasterKeys],
    };
  }
}
