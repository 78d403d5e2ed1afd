import { Global, Module, type DynamicModule } from '@nestjs/common';
import { MasterConfig } from './master-config.js';
import { QueueModels } from './queue-models.js';

/** Gives every module the validated settings and the rating models of the queues. */
@Global()
@Module({})
export class ConfigModule {
  static with(config: MasterConfig): DynamicModule {
    return {
      module: ConfigModule,
      providers: [{ provide: MasterConfig, useValue: config }, QueueModels],
      exports: [MasterConfig, QueueModels],
    };
  }
}
