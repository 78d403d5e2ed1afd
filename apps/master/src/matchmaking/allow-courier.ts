import { Inject, Injectable } from '@nestjs/common';
import { MsgType, type Ack } from '@ranked/protocol';
import { matchDeliveries, type AllowAck, type Match, type Store } from '@ranked/store';
import { AckTimeoutError, ConnectionError } from '../channel/connection-errors.js';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { Clock } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';
import { allowMessage } from './allow-message.js';
import { Batcher } from './batcher.js';
import { CancelCourier } from './cancel-courier.js';
import { FoundCourier } from './found-courier.js';
import { inTurns } from './in-turns.js';
import { JoinTokens } from './join-tokens.js';
import { readyUntil } from './deadlines.js';
import { ServerFaults } from './server-faults.js';
import { StateFeed } from './state-feed.js';
import type { RefusedAllow } from './tick-inputs.js';

/** Matches read at once. */
const CHUNK = 128;
/** CmdAllowPlayers that wait for their Ack at once: to all servers, and to one. */
const MAX_IN_FLIGHT = 8_192;
const MAX_IN_FLIGHT_PER_SERVER = 1_024;
/** Acks written in one transaction. */
const ACKS_PER_COMMIT = 512;
/** Pause before a repeated CmdAllowPlayers (a reconnected player's) that failed is tried again, ms. */
const RETRY_MS = 2_000;

/**
 * Sends CmdAllowPlayers for every match whose rows say that its server does not know its players, or not their
 * present tokens. An Ack makes the match `ready`; only then {@link FoundCourier} tells the players. A refusal or a
 * silence is handed to the next tick, which moves the match.
 */
@Injectable()
export class AllowCourier {
  readonly counters = { sent: 0, acked: 0, late: 0, refused: 0, unanswered: 0 };
  /**
   * Matches, each in one attempt, that were sent and neither answered nor, if acknowledged, written: no tick sends
   * them again. One that has moved is another attempt: it goes to its new server at once.
   */
  private readonly inFlight = new Set<string>();
  private readonly requests = new Set<Promise<void>>();
  private readonly perServer = new Map<string, number>();
  private readonly retryAt = new Map<string, number>();
  private refused: RefusedAllow[] = [];
  private readonly rounds: Batcher<'round'>;
  private readonly named: Batcher<string>;
  private readonly acks: Batcher<AllowAck>;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly tokens: JoinTokens,
    private readonly found: FoundCourier,
    private readonly feed: StateFeed,
    private readonly cancels: CancelCourier,
    private readonly faults: ServerFaults,
    private readonly config: MasterConfig,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.rounds = new Batcher(
      () => this.round(),
      1,
      (err) => log.error({ err }, 'matches could not be sent to servers'),
    );
    this.named = new Batcher(
      (ids) => this.sendReserving(ids),
      CHUNK,
      (err) => log.error({ err }, 'matches could not be sent to servers'),
    );
    this.acks = new Batcher(
      (acks) => this.record(acks),
      ACKS_PER_COMMIT,
      (err) => log.error({ err }, 'Acks could not be written'),
    );
  }

  /** Starts sending what is due; a call while that goes on makes it look once more. */
  kick(): void {
    this.rounds.add(['round']);
    this.named.kick();
    this.acks.kick();
  }

  /** Starts sending those of these matches that have just become `reserving`: without a look at all that are due. */
  tell(matchIds: Iterable<string>): void {
    this.named.add(matchIds);
  }

  /** Matches that their servers did not take since the last call. */
  takeRefused(): RefusedAllow[] {
    const refused = this.refused;
    this.refused = [];
    return refused;
  }

  /** Notes again what was taken and not acted on. */
  putBackRefused(refused: readonly RefusedAllow[]): void {
    this.refused.push(...refused);
  }

  /** Resolves when the Acks that have come so far are written. */
  acksWritten(): Promise<void> {
    return this.acks.idle();
  }

  /** Resolves when nothing is on its way any more. */
  async idle(): Promise<void> {
    do {
      await this.rounds.idle();
      await this.named.idle();
      await Promise.all(this.requests);
      await this.acks.idle();
    } while (this.requests.size > 0);
  }

  private async round(): Promise<void> {
    this.forgetRetries();
    const serverIds = [...this.registry.servers()]
      .filter((connection) => connection.isOpen)
      .map((connection) => connection.peer.certificateId);
    if (serverIds.length === 0) return;
    const limit = MAX_IN_FLIGHT + this.retryAt.size;
    const due = await this.store.read((tx) => matchDeliveries.allowsDue(tx, { serverIds, limit }));
    const fresh = due.filter((key) => !this.inFlight.has(keyOf(key)) && !this.retryAt.has(key.id));
    for (let i = 0; i < fresh.length; i += CHUNK) {
      const ids = fresh.slice(i, i + CHUNK).map(({ id }) => id);
      await this.sendFresh(await this.store.read((tx) => matchDeliveries.byIds(tx, ids)));
    }
  }

  private async sendReserving(matchIds: readonly string[]): Promise<void> {
    const matches = await this.store.read((tx) => matchDeliveries.byIds(tx, matchIds));
    await this.sendFresh(matches.filter(({ state }) => state === 'reserving'));
  }

  private async sendFresh(matches: readonly Match[]): Promise<void> {
    for await (const match of inTurns(matches)) {
      // It can have moved on since it was found due.
      if (!this.inFlight.has(keyOf(match)) && this.hasRoomFor(match)) this.send(match);
    }
  }

  /** What does not go out now is still due in the next round. */
  private hasRoomFor({ state, serverId }: Match): boolean {
    const live = state === 'reserving' || state === 'ready' || state === 'running';
    return (
      live &&
      this.inFlight.size < MAX_IN_FLIGHT &&
      (this.perServer.get(serverId) ?? 0) < MAX_IN_FLIGHT_PER_SERVER
    );
  }

  private send(match: Match): void {
    const { serverId } = match;
    const key = keyOf(match);
    this.inFlight.add(key);
    this.perServer.set(serverId, (this.perServer.get(serverId) ?? 0) + 1);
    const request = this.ask(match).then((acknowledged) => {
      if (!acknowledged) this.inFlight.delete(key);
      this.requests.delete(request);
      const left = (this.perServer.get(serverId) ?? 1) - 1;
      if (left > 0) this.perServer.set(serverId, left);
      else this.perServer.delete(serverId);
    });
    this.requests.add(request);
  }

  /** True once the server has acknowledged: the Ack is then about to be written. */
  private async ask(match: Match): Promise<boolean> {
    const connection = this.registry.server(match.serverId);
    if (!connection) return false;
    const now = this.clock.now();
    const expiresAt = match.state === 'ready' ? match.reserveExpiresAt : readyUntil(this.config, now);
    let ack: Ack;
    try {
      this.counters.sent += 1;
      const message = allowMessage(match, this.tokens, expiresAt);
      ack = await connection.request(MsgType.CmdAllowPlayers, message, this.config.allowAckTimeoutMs);
    } catch (error) {
      this.unanswered(match, error);
      return false;
    }
    if (!ack.ok) {
      this.counters.refused += 1;
      this.log.warn(
        { matchId: match.id, serverId: match.serverId, code: ack.error?.code },
        'a server refused a match',
      );
      this.notTaken(match);
      return false;
    }
    this.faults.acknowledged(match.serverId);
    const players = match.players.map((player) => ({ id: player.id, generation: player.tokenGeneration }));
    this.acks.add([
      {
        matchId: match.id,
        serverId: match.serverId,
        attempt: match.attempt,
        reserveExpiresAt: expiresAt,
        players,
      },
    ]);
    return true;
  }

  private unanswered(match: Match, error: unknown): void {
    this.counters.unanswered += 1;
    const about = { matchId: match.id, serverId: match.serverId };
    if (!(error instanceof ConnectionError))
      this.log.error({ ...about, err: error }, 'a match could not be sent');
    else if (error instanceof AckTimeoutError)
      this.log.warn(about, 'a server did not acknowledge a match in time');
    // A connection that ended is no verdict: the rows say what follows once the server is back or offline.
    else return;
    this.notTaken(match);
  }

  /** Before its first Ack the match can go elsewhere; later the server has it, and is only asked again. */
  private notTaken(match: Match): void {
    if (match.state === 'reserving') {
      this.refused.push({ matchId: match.id, serverId: match.serverId, attempt: match.attempt });
    } else {
      this.retryAt.set(match.id, this.clock.now() + RETRY_MS);
    }
  }

  private forgetRetries(): void {
    const now = this.clock.now();
    for (const [matchId, at] of this.retryAt) if (at <= now) this.retryAt.delete(matchId);
  }

  private async record(acks: AllowAck[]): Promise<void> {
    const counted = await this.store.writeGrouped('allow acks', (tx) =>
      matchDeliveries.recordAllowed(tx, acks),
    );
    for (const { matchId, attempt } of acks) this.inFlight.delete(keyOf({ id: matchId, attempt }));
    const own = new Set(counted);
    this.counters.acked += own.size;
    for (const matchId of counted) this.feed.handled(matchId, 'ready');
    this.found.tell(counted);
    for (const { matchId, serverId } of acks) {
      if (own.has(matchId)) continue;
      // The match went elsewhere or was called off before this Ack came: its server must not hold it.
      this.counters.late += 1;
      this.cancels.send(serverId, matchId, 'the match is no longer on this server');
    }
  }
}

function keyOf({ id, attempt }: { id: string; attempt: number }): string {
  return `${id} ${attempt}`;
}
