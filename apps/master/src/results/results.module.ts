import { Module } from '@nestjs/common';
import { DeliveryModule } from '../matchmaking/delivery.module.js';
import { MatchResults } from './match-results.js';
import { MatchStarts } from './match-starts.js';

/** What game servers report of their matches: verified, rated, committed. */
@Module({
  imports: [DeliveryModule],
  providers: [MatchResults, MatchStarts],
  exports: [MatchResults, MatchStarts],
})
export class ResultsModule {}
