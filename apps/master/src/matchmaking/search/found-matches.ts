import type { Candidate } from '@ranked/store';
import type { QueueConfig } from '../../config/queue-config.js';
import type { ProposedMatch, ProposedPlayer } from '../new-matches.js';
import type { SearchAnswer } from './search-messages.js';

/** What a search found, by the rows that it was given. They may have changed since. */
export class FoundMatches {
  readonly count: number;
  /** How many of the matches have been dealt with. */
  used = 0;

  /** @param asked `at`: when, Unix ms; `accountIds`, `entryNos`: of everybody who waited, by the places in the request */
  constructor(
    readonly answer: SearchAnswer,
    private readonly asked: {
      readonly at: number;
      readonly queue: QueueConfig;
      readonly accountIds: readonly string[];
      readonly entryNos: readonly number[];
      readonly servers: readonly Candidate[];
    },
  ) {
    this.count = answer.servers.length;
  }

  /** Everybody who waited. */
  get waiting(): number {
    return this.asked.accountIds.length;
  }

  /** When it was asked, Unix ms. */
  get at(): number {
    return this.asked.at;
  }

  /** Servers that had failed lately: only those who wait beyond the limit were given to them. */
  get lastResorts(): ReadonlySet<string> {
    return new Set(
      this.asked.servers.filter(({ failedLately }) => failedLately === true).map(({ id }) => id),
    );
  }

  /** Accounts in parties that are larger than a team. */
  get oversized(): string[] {
    return Array.from(this.answer.oversized, (row) => this.accountId(row));
  }

  /** The matches from place `from` to before `end`, the longest waiting first. */
  *matches(from: number, end: number): Generator<ProposedMatch> {
    const { queue, servers } = this.asked;
    const { answer } = this;
    for (let match = from; match < end; match++) {
      yield {
        serverId: servers[answer.servers[match] as number]?.id ?? '',
        teams: Array.from({ length: queue.teams }, (_, team) =>
          Array.from({ length: queue.size }, (_, position) =>
            this.player((match * queue.teams + team) * queue.size + position),
          ),
        ),
      };
    }
  }

  private player(at: number): ProposedPlayer {
    const row = this.answer.rows[at] as number;
    return {
      accountId: this.accountId(row),
      entryNo: this.asked.entryNos[row] as number,
      queuedAt: this.answer.queuedAt[at] as number,
    };
  }

  private accountId(row: number): string {
    return this.asked.accountIds[row] as string;
  }
}
