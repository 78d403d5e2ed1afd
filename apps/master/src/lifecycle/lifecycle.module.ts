import { Global, Module } from '@nestjs/common';
import { MasterConfig } from '../config/master-config.js';
import { Lifecycle } from './lifecycle.js';
import { ListenAddresses } from './listen-addresses.js';

/** The state of the process and its addresses. */
@Global()
@Module({
  providers: [
    Lifecycle,
    {
      provide: ListenAddresses,
      inject: [MasterConfig],
      useFactory: (config: MasterConfig) => new ListenAddresses(config),
    },
  ],
  exports: [Lifecycle, ListenAddresses],
})
export class LifecycleModule {}
