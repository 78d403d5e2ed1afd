import { connect, type Socket } from 'node:net';
import { PlayerClient } from '@ranked/protocol/player';
import type { MatchFound, MatchReport, PartyState } from '@ranked/protocol';
import type { Login, MasterApi } from './master-api.js';
import type { PlayerAccount } from './audit.js';
import { writeHello } from './player-line.js';
import type { SeededRandom } from './seeded-random.js';

/** How much one day differs from the next, in the rating model's units. */
const DAILY_NOISE = 25 / 6;

/**
 * A person who plays: logs in over HTTP, waits in a queue over RDV, joins the match on the game server, reads the report,
 * and plays again while `keepPlaying` says so. What the person is really worth is `strength`; only the games show it. Of two who are a
 * party the leader joins the queue for both.
 */
export class SimulatedPlayer {
  readonly account: PlayerAccount;
  readonly strength: number;
  readonly queue: string;
  /** The mean skill the last report gave; undefined before the first. */
  mu: number | undefined;
  state: 'offline' | 'idle' | 'queued' | 'playing' = 'offline';
  readonly waitsMs: number[] = [];

  readonly #api: MasterApi;
  readonly #random: SeededRandom;
  readonly #clientOf: (login: Login) => PlayerClient;
  #client: PlayerClient | undefined;
  #game: Socket | undefined;
  #joinedAt = 0;
  #keepPlaying = true;
  #onIdle: (() => void) | undefined;
  #leader: SimulatedPlayer | undefined;
  /** The leader's next join may be heard of before one's own report of the match before. */
  #partyWaits = false;
  #onParty: ((state: PartyState) => void) | undefined;
  #finished: Promise<void> | undefined;

  constructor(
    api: MasterApi,
    name: string,
    strength: number,
    queue: string,
    random: SeededRandom,
    clientOf = clientFor,
  ) {
    this.#api = api;
    this.strength = strength;
    this.queue = queue;
    this.#random = random;
    this.#clientOf = clientOf;
    this.account = { name, playerId: '', found: [], reported: [], cancelled: [] };
  }

  /** Registers, logs in and connects; resolves when the master's READY has come. */
  async signIn(password: string): Promise<void> {
    await this.#api.register(this.account.name, password);
    const login = await this.#api.login(this.account.name, password);
    this.account.playerId = login.player.id;
    const client = this.#clientOf(login);
    this.#client = client;
    client.on('matchProposed', ({ matchId, answered }) => {
      // It may be over before the answer is there.
      if (!answered) client.answerMatch(matchId, this.#keepPlaying).catch(() => undefined);
    });
    client.on('matchFound', (found) => this.#enter(found));
    client.on('matchReport', (report) => void this.#read(report));
    client.on('matchCancelled', ({ matchId, requeued }) => {
      this.account.cancelled.push(matchId);
      this.#leaveGame();
      if (!requeued) void this.#again();
      else if (this.#keepPlaying) this.state = 'queued';
      else void this.#leaveQueue();
    });
    client.on('partyInvited', ({ partyId }) => {
      // One that comes again after it was accepted is refused.
      client.acceptInvite(partyId).catch(() => undefined);
    });
    client.on('partyState', (state) => {
      this.#onParty?.(state);
      this.#partyWaits = state.queue !== undefined;
      if (this.#partyWaits && this.state === 'idle') this.#waits();
    });
    client.on('disconnected', () => (this.state = 'offline'));
    await client.connect();
    this.state = 'idle';
  }

  get inParty(): boolean {
    return this.#leader !== undefined;
  }

  /** Makes a party of this player, who leads it, and another; resolves when both are in it. */
  async teamUp(mate: SimulatedPlayer): Promise<void> {
    const together = new Promise<void>((resolve) => {
      this.#onParty = ({ members }) => {
        if (members.length === 2) resolve();
      };
    });
    await this.#client?.inviteToParty(mate.account.name);
    await together;
    this.#onParty = undefined;
    this.#leader = this;
    mate.#leader = this;
  }

  async play(): Promise<void> {
    if (this.inParty && this.#leader !== this) {
      if (this.#partyWaits) this.#waits();
      return;
    }
    this.#waits();
    await this.#client?.joinQueue(this.queue);
  }

  #waits(): void {
    this.#joinedAt = Date.now();
    this.state = 'queued';
  }

  #enter(found: MatchFound): void {
    if (!this.account.found.includes(found.matchId)) {
      this.account.found.push(found.matchId);
      this.waitsMs.push(Date.now() - this.#joinedAt);
    }
    this.state = 'playing';
    this.#leaveGame();
    const game = connect(found.port, found.host);
    game.on('error', () => undefined);
    game.on('connect', () => {
      writeHello(game, {
        joinToken: found.joinToken,
        performance: this.#random.normal(this.strength, DAILY_NOISE),
      });
    });
    this.#game = game;
  }

  async #read(report: MatchReport): Promise<void> {
    this.account.reported.push(report.matchId);
    if (report.rating) this.mu = report.rating.mu;
    this.#leaveGame();
    await this.#again();
  }

  #leaveGame(): void {
    this.#game?.destroy();
    this.#game = undefined;
  }

  async #again(): Promise<void> {
    this.state = 'idle';
    if (this.#keepPlaying) await this.play();
    else this.#onIdle?.();
  }

  /** No further match is begun; resolves when the present one, if any, has been reported. */
  finish(): Promise<void> {
    this.#keepPlaying = false;
    return (this.#finished ??= this.#finish());
  }

  async #finish(): Promise<void> {
    if (this.#leader !== this) await this.#leader?.finish();
    if (this.state === 'queued') await this.#leaveQueue();
    const busy: readonly string[] = ['playing', 'queued'];
    if (busy.includes(this.state)) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  /** A match may have been made while this was on its way; then it is played, or called off and this player waits again. */
  async #leaveQueue(): Promise<void> {
    this.state = 'queued';
    await this.#client?.leaveQueue();
    if ((this.state as string) === 'queued') await this.#again();
  }

  async signOut(): Promise<void> {
    await this.#client?.close();
    this.state = 'offline';
  }
}

function clientFor({ rdv, ticket, masterPublicKey }: Login): PlayerClient {
  return new PlayerClient({
    ...rdv,
    ticketId: ticket.id,
    ticket: ticket.secret,
    masterPublicKey: Buffer.from(masterPublicKey, 'hex'),
  });
}
