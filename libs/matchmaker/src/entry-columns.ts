import type { Entry, Player } from './queue.js';
import { hashText, repeatedText } from './repeated-text.js';

/** Strengths beyond this would make differences infinite. */
const STRONGEST = 1e300;
/** Entries moved between two pauses. */
const ENTRIES_PER_STEP = 20_000;

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
  /** Where the entry's players begin in the two columns below. */
  readonly firstPlayer: Int32Array;
  readonly playerIds: string[] = [];
  /** Per entry {@link hashText} of the id. */
  private readonly idHashes: Float64Array;
  /** Per player {@link hashText} of the id. */
  playerHashes: Float64Array;
  /** Two numbers per player: `mu`, `sigma`. */
  ratings: Float64Array;
  /** Whether any player names others whom he does not want to meet, or has met. */
  namesOthers = false;
  /** Whether any player says how far he is from a region. */
  hasLatencies = false;
  private count = 0;

  /** `hashed`: whether {@link requireUnique} and {@link isBefore} will be asked for. */
  constructor(length: number, hashed = true) {
    this.ids = new Array<string>(length);
    this.idStarts = new Uint32Array(hashed ? length : 0);
    this.joinedAt = new Float64Array(length);
    this.strength = new Float64Array(length);
    this.size = new Int32Array(length);
    this.firstPlayer = new Int32Array(length);
    this.idHashes = new Float64Array(hashed ? length : 0);
    this.playerHashes = new Float64Array(hashed ? length : 0);
    this.ratings = new Float64Array(2 * length);
  }

  /** Players of all entries. */
  get players(): number {
    return this.count;
  }

  /** Reads the entry at place `index`. */
  add({ id, joinedAt, players }: Entry, index: number, pointsPerUnit: number): void {
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
      this.playerIds.push(player.id);
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
   * Refuses an entry or a player who is there twice, after all have been added.
   *
   * @throws RangeError
   */
  *requireUnique(): Generator<void, void> {
    const entry = yield* repeatedText(this.ids, this.idHashes);
    yield;
    if (entry !== undefined)
      throw new RangeError(`entries[${entry}].id: "${this.ids[entry]}" is there twice`);
    const player = yield* repeatedText(this.playerIds, this.playerHashes.subarray(0, this.count));
    if (player === undefined) return;
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

  /** The same entries in another order (places in this one), so that those who are read together lie together. */
  *inOrder(order: Uint32Array): Generator<void, EntryColumns> {
    const sorted = new EntryColumns(order.length, false);
    sorted.namesOthers = this.namesOthers;
    sorted.hasLatencies = this.hasLatencies;
    sorted.ratings = new Float64Array(2 * this.count);
    if (this.namesOthers) sorted.playerHashes = new Float64Array(this.count);
    sorted.count = this.count;
    const solo = this.count === order.length;
    let at = 0;
    for (let i = 0; i < order.length; i++) {
      const from = order[i] as number;
      // Where all are single, players are numbered as entries are.
      const size = solo ? 1 : (this.size[from] as number);
      sorted.ids[i] = this.ids[from] as string;
      sorted.joinedAt[i] = this.joinedAt[from] as number;
      sorted.strength[i] = this.strength[from] as number;
      sorted.size[i] = size;
      sorted.firstPlayer[i] = at;
      const first = solo ? from : (this.firstPlayer[from] as number);
      for (let player = first; player < first + size; player++) {
        sorted.playerIds.push(this.playerIds[player] as string);
        if (this.namesOthers) sorted.playerHashes[at] = this.playerHashes[player] as number;
        sorted.ratings[2 * at] = this.ratings[2 * player] as number;
        sorted.ratings[2 * at + 1] = this.ratings[2 * player + 1] as number;
        at++;
      }
      if (i % ENTRIES_PER_STEP === ENTRIES_PER_STEP - 1) yield;
    }
    return sorted;
  }

  private grow(): void {
    this.ratings = copied(this.ratings, 2 * this.ratings.length);
    this.playerHashes = copied(this.playerHashes, this.ratings.length / 2);
  }
}

function copied(numbers: Float64Array, length: number): Float64Array {
  const copy = new Float64Array(length);
  copy.set(numbers);
  return copy;
}
