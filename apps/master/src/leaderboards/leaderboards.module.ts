import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { LeaderboardsController } from './leaderboards.controller.js';

/** Queues and leaderboards. */
@Module({ imports: [AccountsModule], controllers: [LeaderboardsController] })
export class LeaderboardsModule {}
