import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Clock, RandomSource } from './clock.js';

/** Gives every module the clock and the random source that the master was started with. */
@Global()
@Module({})
export class ClockModule {
  static with(clock: Clock, random: RandomSource): DynamicModule {
    return {
      module: ClockModule,
      providers: [
        { provide: Clock, useValue: clock },
        { provide: RandomSource, useValue: random },
      ],
      exports: [Clock, RandomSource],
    };
  }
}
