import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from './accounts/accounts.module.js';
import { BlocksModule } from './blocks/blocks.module.js';
import { ClockModule } from './clock/clock.module.js';
import { ChannelModule } from './channel/channel.module.js';
import type { Clock, RandomSource } from './clock/clock.js';
import { ConfigModule } from './config/config.module.js';
import type { MasterConfig } from './config/master-config.js';
import { GameModule } from './game.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { KeysModule } from './keys/keys.module.js';
import { LeaderboardsModule } from './leaderboards/leaderboards.module.js';
import { LifecycleModule } from './lifecycle/lifecycle.module.js';
import type { Resources } from './lifecycle/open-resources.js';
import { LoggingModule, type Logger } from './logging/logger.js';
import { PartiesHttpModule } from './parties/parties-http.module.js';
import { PlayersModule } from './players/players.module.js';
import { StoreModule } from './store/store.module.js';

/** What exists before Nest does. */
export interface MasterParts extends Pick<Resources, 'store' | 'keys'> {
  config: MasterConfig;
  clock: Clock;
  random: RandomSource;
  log: Logger;
}

/** The whole service. */
@Module({})
export class MasterModule {
  static with({ config, clock, random, log, store, keys }: MasterParts): DynamicModule {
    return {
      module: MasterModule,
      imports: [
        ConfigModule.with(config),
        ClockModule.with(clock, random),
        LoggingModule.with(log),
        StoreModule.with(store),
        KeysModule.with(keys),
        LifecycleModule,
        ChannelModule,
        GameModule,
        AccountsModule,
        BlocksModule,
        PartiesHttpModule,
        PlayersModule,
        LeaderboardsModule,
        HealthModule,
        HttpModule,
      ],
    };
  }
}
