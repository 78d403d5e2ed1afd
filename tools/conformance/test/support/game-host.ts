import { createHash } from 'node:crypto';
import { Allowlist, GameServerClient, MsgType, ProtocolError } from '@ranked/protocol/game-server';
import type { CmdAllowPlayers, MatchResult } from '@ranked/protocol';
import type { Moments } from './moments.js';
import type { SeededRandom } from './seeded-random.js';
import type { Issued, World } from './world.js';

/** A connection that is lost is tried again at once, more or less: the tests are about the master, not about patience. */
export const QUICK = { backoffMs: 40, backoffMaxMs: 200 };

interface Arena {
  allow: CmdAllowPlayers;
  readonly present: Set<string>;
  begun: boolean;
}

export interface GameHostOptions {
  readonly world: World;
  readonly issued: Issued;
  /** Where its players would connect; stands for the address in these tests. */
  readonly port: number;
  readonly capacity: number;
  readonly random: SeededRandom;
  readonly moments: Moments;
  /** Shortest and longest duration of a match, ms. */
  readonly matchMs?: readonly [number, number];
  readonly queues?: string[];
}

/** A well-behaved game server inside the test process: a real client, and a book of what it did. */
export class GameHost {
  readonly client: GameServerClient;
  readonly serverId: string;
  readonly port: number;
  /** Results it sent, and what became of each: `sent`, `acknowledged`, or the code of the refusal. */
  readonly results = new Map<string, { readonly result: MatchResult; fate: string }>();
  /** Matches whose MatchStarted was acknowledged. */
  readonly started = new Set<string>();
  /** What must never happen and did. */
  readonly faults: string[] = [];
  accepting = true;
  readonly #waiting: Arena[] = [];
  #withholding = false;
  readonly #options: GameHostOptions;
  readonly #arenas = new Map<string, Arena>();
  readonly #allowlist = new Allowlist({});
  readonly #digests = new Set<string>();

  constructor(options: GameHostOptions) {
    const { world, issued, moments } = options;
    this.#options = options;
    this.port = options.port;
    this.serverId = issued.certificate.uuid;
    const client = new GameServerClient({
      host: '127.0.0.1',
      port: world.ports.s2s,
      certificate: issued.bytes,
      masterPublicKey: world.masterKey.publicKey,
      timing: QUICK,
      heartbeat: () => ({
        name: issued.name,
        port: options.port,
        region: 'local',
        build: '1',
        capacity: options.capacity,
        players: 0,
        accepting: this.accepting,
        matches: [...this.#arenas.keys()],
        ...(options.queues && { queues: options.queues }),
      }),
      handlers: {
        [MsgType.CmdAllowPlayers]: (allow) => this.#allow(allow),
        [MsgType.CmdCancelMatch]: ({ matchId }) => {
          moments.note('cancel arrived');
          this.#drop(matchId);
        },
        [MsgType.CmdKickPlayer]: () => undefined,
        [MsgType.CmdForceStart]: () => undefined,
        [MsgType.CmdShutdown]: () => undefined,
      },
    });
    this.client = world.tie(client);
  }

  /** Matches that it holds. */
  get held(): number {
    return this.#arenas.size;
  }

  /** Matches go on until `release`. */
  withhold(): void {
    this.#withholding = true;
  }

  release(): void {
    this.#withholding = false;
    for (const arena of this.#waiting.splice(0)) this.#finish(arena);
  }

  /** A player at the door. The last one in begins the match. */
  admit(joinToken: string): void {
    const digest = createHash('sha256').update(Buffer.from(joinToken, 'base64url')).digest('hex');
    if (!this.#digests.has(digest)) {
      this.faults.push('a player came with a token of which the server had not been told');
    }
    const admitted = this.#allowlist.admit(joinToken);
    const arena = admitted.ok ? this.#arenas.get(admitted.matchId) : undefined;
    if (!admitted.ok || !arena) return;
    arena.present.add(admitted.playerId);
    if (!arena.begun && arena.present.size === arena.allow.teams.flat().length) this.#begin(arena);
  }

  #allow(allow: CmdAllowPlayers): void {
    const { moments } = this.#options;
    for (const { tokenDigest } of allow.teams.flat()) this.#digests.add(tokenDigest);
    this.#allowlist.allow(allow);
    const known = this.#arenas.get(allow.matchId);
    if (known) known.allow = allow;
    else this.#arenas.set(allow.matchId, { allow, present: new Set(), begun: false });
    moments.note('allow arrived');
    setImmediate(() => moments.note('allow answered'));
  }

  #begin(arena: Arena): void {
    const { moments, random, matchMs = [5, 120] } = this.#options;
    const { matchId } = arena.allow;
    arena.begun = true;
    const [shortest, longest] = matchMs;
    const started = this.client.matchStarted(matchId);
    setImmediate(() => moments.note('start sent'));
    started.then(
      () => {
        this.started.add(matchId);
        moments.note('start acknowledged');
        setTimeout(() => this.#finish(arena), random.between(shortest, longest));
      },
      () => this.#drop(matchId),
    );
  }

  #finish(arena: Arena): void {
    const { matchId, teams } = arena.allow;
    if (!this.#arenas.has(matchId)) return;
    const { moments, random } = this.#options;
    if (this.#withholding) {
      this.#waiting.push(arena);
      return;
    }
    const draw = random.chance(0.1);
    const winner = random.between(0, teams.length - 1);
    const result: MatchResult = {
      matchId,
      durationMs: random.between(1, 100),
      teams: teams.map((_, team) => ({
        rank: draw || team === winner ? 0 : 1,
        score: random.between(0, 50),
      })),
      players: teams.flat().map(({ id }) => ({ id, ...(random.chance(0.2) && { playFraction: 0.5 }) })),
    };
    const entry = { result, fate: 'sent' };
    this.results.set(matchId, entry);
    const acknowledged = this.client.matchResult(result);
    setImmediate(() => moments.note('result sent'));
    acknowledged.then(
      () => {
        entry.fate = 'acknowledged';
        this.#drop(matchId);
        moments.note('result acknowledged');
      },
      (error: unknown) => {
        entry.fate = error instanceof ProtocolError ? error.code : String(error);
        this.#drop(matchId);
      },
    );
  }

  #drop(matchId: string): void {
    this.#arenas.delete(matchId);
    this.#allowlist.remove(matchId);
  }
}
