import { EventEmitter, once } from 'node:events';
import type { MatchFound, MatchReport } from '@ranked/protocol';
import { PlayerClient } from '@ranked/protocol/player';
import { QUICK } from './game-host.js';
import type { Moments } from './moments.js';
import type { Login } from './player-api.js';
import type { SeededRandom } from './seeded-random.js';
import type { World } from './world.js';

/** Where a player goes with his join token. */
export interface Door {
  admit(joinToken: string): void;
}

export interface RankedPlayerOptions {
  readonly world: World;
  readonly name: string;
  readonly queue: string;
  readonly random: SeededRandom;
  readonly moments: Moments;
  /** The game server that listens on a port. */
  readonly doorAt: (port: number) => Door | undefined;
  /** How often he changes his mind once he has joined. */
  readonly leaves?: number;
}

/** A well-behaved player inside the test process: a real client, and a book of what he was told. */
export class RankedPlayer extends EventEmitter<{ change: []; found: [MatchFound]; report: [MatchReport] }> {
  readonly name: string;
  readonly password: string;
  readonly reports = new Map<string, MatchReport>();
  readonly cancelled = new Set<string>();
  readonly found = new Map<string, MatchFound>();
  readonly faults: string[] = [];
  state: 'idle' | 'queued' | 'playing' = 'idle';
  match: string | undefined;
  login!: Login;
  client!: PlayerClient;
  readonly #options: RankedPlayerOptions;
  #again = false;

  constructor(options: RankedPlayerOptions) {
    super();
    this.#options = options;
    this.name = options.name;
    this.password = `the password of ${options.name}`;
  }

  async register(): Promise<void> {
    await this.#options.world.api.register(this.name, this.password);
  }

  /** Logs in and connects. */
  async signIn(): Promise<void> {
    this.login = await this.#options.world.api.login(this.name, this.password);
    const { rdv, ticket, masterPublicKey } = this.login;
    const client = new PlayerClient({
      ...rdv,
      ticketId: ticket.id,
      ticket: ticket.secret,
      masterPublicKey: Buffer.from(masterPublicKey, 'hex'),
      timing: QUICK,
    });
    this.client = this.#options.world.tie(client);
    const { moments } = this.#options;
    client.on('matchProposed', ({ matchId, answered }) => {
      moments.note('proposal arrived');
      if (!answered) void this.#accept(matchId);
    });
    client.on('matchFound', (found) => this.#enter(found));
    client.on('matchStarted', () => moments.note('start told to a player'));
    client.on('matchCancelled', ({ matchId, requeued }) => {
      this.cancelled.add(matchId);
      if (matchId === this.match) this.#become(requeued ? 'queued' : 'idle');
    });
    client.on('matchReport', (report) => {
      if (this.reports.has(report.matchId) && !same(this.reports.get(report.matchId), report)) {
        this.faults.push(`${this.name} got two different reports of ${report.matchId}`);
      }
      this.reports.set(report.matchId, report);
      moments.note('report arrived');
      this.emit('report', report);
      if (report.matchId === this.match) this.#become('idle');
    });
    client.on('queueLost', (error) => this.faults.push(`${this.name} lost his queue: ${error.message}`));
    client.on(
      'closed',
      (error) => error && this.faults.push(`${this.name} was thrown out: ${error.message}`),
    );
    await client.connect();
  }

  /** Joins the queue; one match, or one after the other. */
  play(again = false): void {
    this.#again = again;
    if (this.state === 'idle') void this.#join();
  }

  /** Begins no further match; resolves when he is in none. */
  async rest(): Promise<void> {
    this.#again = false;
    while (this.state !== 'idle') {
      if (this.state === 'queued') await this.#leave();
      else await once(this, 'change');
    }
  }

  async #join(): Promise<void> {
    const { queue, moments, random, leaves = 0 } = this.#options;
    this.match = undefined;
    this.#become('queued');
    const joined = this.client.joinQueue(queue);
    setImmediate(() => moments.note('join sent'));
    try {
      await joined;
    } catch (error) {
      this.faults.push(`${this.name} was refused by ${queue}: ${String(error)}`);
      return;
    }
    moments.note('join acknowledged');
    if (this.#again && random.chance(leaves)) setTimeout(() => void this.#leave(), random.between(0, 150));
  }

  async #accept(matchId: string): Promise<void> {
    try {
      await this.client.answerMatch(matchId, true);
    } catch {
      // Somebody else left meanwhile.
      return;
    }
    this.#options.moments.note('answer acknowledged');
  }

  async #leave(): Promise<void> {
    if (this.state === 'idle') return;
    const { moments } = this.#options;
    const left = this.client.leaveQueue();
    setImmediate(() => moments.note('leave sent'));
    try {
      await left;
    } catch {
      // The match runs already: its report ends it.
      return;
    }
    moments.note('leave acknowledged');
    this.#become('idle');
  }

  #enter(found: MatchFound): void {
    const { moments, doorAt } = this.#options;
    moments.note('match found');
    const { matchId, port, joinToken } = found;
    if (this.reports.has(matchId) || this.cancelled.has(matchId)) return;
    this.found.set(matchId, found);
    this.match = matchId;
    this.#become('playing');
    this.emit('found', found);
    doorAt(port)?.admit(joinToken);
  }

  #become(state: 'idle' | 'queued' | 'playing'): void {
    if (state === 'idle') this.match = undefined;
    this.state = state;
    this.emit('change');
    if (state === 'idle' && this.#again)
      setImmediate(() => this.#again && this.state === 'idle' && void this.#join());
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
