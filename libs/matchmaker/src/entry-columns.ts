import { hashText, IdIndex } from './id-index.js';
import type { Entry, Player } from './queue.js';

/** Strengths beyond this would make differences infinite. */
const STRONGEST = 1e300;

/**
 * The entries of a queue, read once in the order given and kept by columns: the search then touches small arrays only, where
 * following every entry to its players and their ratings would wait for memory most of the time.
 */
export class EntryColumns {
  readonly ids: string[];
  /** The first two characters of each id as a number: they order most ids without a look at the text. */
  private readonly idStarts: Uint32Array;
  readonly joinedAt: Float64Array;
  /**
   * The strength by which an entry is matched: the mean `mu` of its players, in display points. Uncertainty does not count
   * against a player here: a new one plays those at the level where he is believed to be.
   */
  readonly strength: Float64Array;
  /** Number of players. */
  readonly size: Int32Array;
  /** Where the entry's players begin in the columns of the players. */
  readonly firstPlayer: Int32Array;
  /** The entries whose turn comes before that of all others. */
  readonly ahead: number[] = [];
  readonly playerIds: string[];
  /** Two numbers per player: `mu`, `sigma`. */
  ratings: Float64Array;
  /** Whether any player names others whom he does not want to meet, or has met. */
  namesOthers = false;
  /** Whether any player says how far he is from a region. */
  hasLatencies = false;
  /** Per entry {@link hashText} of the id. */
  private readonly idHashes: Int32Array;
  /** Per player the same. */
  private playerHashes: Int32Array;
  private count = 0;

  constructor(length: number) {
    this.ids = new Array<string>(length);
    this.idStarts = new Uint32Array(length);
    this.joinedAt = new Float64Array(length);
    this.strength = new Float64Array(length);
    this.size = new Int32Array(length);
    this.firstPlayer = new Int32Array(length);
    this.playerIds = new Array<string>(length);
    this.idHashes = new Int32Array(length);
    this.playerHashes = new Int32Array(length);
    this.ratings = new Float64Array(2 * length);
  }

  /** Players of all entries. */
  get players(): number {
    return this.count;
  }

  /** Reads the entry at place `index`. */
  add({ id, joinedAt, players, ahead }: Entry, index: number, pointsPerUnit: number): void {
    if (ahead === true) this.ahead.push(index);
    const hash = hashText(id);
    this.ids[index] = id;
    this.idStarts[index] = (id.charCodeAt(0) << 16) | (id.length > 1 ? id.charCodeAt(1) : 0);
    this.idHashes[index] = hash;
    this.joinedAt[index] = joinedAt;
    this.size[index] = players.length;
    this.firstPlayer[index] = this.count;
    let mean = 0;
    for (let i = 0; i < players.length; i++) {
      const player = players[i] as Player;
      const { mu, sigma } = player.rating;
      const at = this.count++;
      if (2 * at >= this.ratings.length) this.grow();
      this.playerIds[at] = player.id;
      // An entry is often named after its player.
      this.playerHashes[at] = player.id === id ? hash : hashText(player.id);
      this.ratings[2 * at] = mu;
      this.ratings[2 * at + 1] = sigma;
      mean += mu / players.length;
      if (player.blocked !== undefined || player.lastOpponents !== undefined) this.namesOthers = true;
      if (player.latencies !== undefined) this.hasLatencies = true;
    }
    this.strength[index] = Math.max(-STRONGEST, Math.min(STRONGEST, mean * pointsPerUnit));
  }

  /**
   * Refuses an entry or a player who is there twice, after all have been added; returns where each player stands among the players.
   *
   * @throws RangeError
   */
  *requireUnique(): Generator<void, IdIndex> {
    const entry = yield* new IdIndex(this.ids, this.idHashes).fill();
    yield;
    if (entry !== undefined)
      throw new RangeError(`entries[${entry}].id: "${this.ids[entry]}" is there twice`);
    const index = new IdIndex(this.playerIds, this.playerHashes);
    const player = yield* index.fill();
    if (player === undefined) return index;
    const after = this.firstPlayer.findIndex((first) => first > player);
    const owner = (after < 0 ? this.ids.length : after) - 1;
    const path = `entries[${owner}].players[${player - (this.firstPlayer[owner] as number)}].id`;
    throw new RangeError(`${path}: "${this.playerIds[player]}" is there twice`);
  }

  /** Whether the id of one entry comes before that of another, by code units: the same in every locale. */
  isBefore(a: number, b: number): boolean {
    const [start, other] = [this.idStarts[a] as number, this.idStarts[b] as number];
    return start === other ? (this.ids[a] as string) < (this.ids[b] as string) : start < other;
  }

  private grow(): void {
    const ratings = new Float64Array(2 * this.ratings.length);
    ratings.set(this.ratings);
    this.ratings = ratings;
    const hashes = new Int32Array(ratings.length / 2);
    hashes.set(this.playerHashes);
    this.playerHashes = hashes;
  }
}
