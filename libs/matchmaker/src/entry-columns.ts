import type { Entry } from './queue.js';

/** Strengths beyond this would make differences infinite. */
const STRONGEST = 1e300;

/**
 * The entries of a queue, read once in the order given and kept by columns: the search then touches small arrays only, where
 * following every entry to its players and their ratings would wait for memory most of the time.
 */
export class EntryColumns {
  readonly ids: string[] = [];
  readonly joinedAt: Float64Array;
  /**
   * The strength by which an entry is matched: the mean `mu` of its players, in display points. Uncertainty does not count
   * against a player here: a new one plays those at the level where he is believed to be.
   */
  readonly strength: Float64Array;
  /** Number of players. */
  readonly size: Int32Array;
  /** Where the entry's players begin in the three columns below. */
  readonly firstPlayer: Int32Array;
  readonly playerIds: string[] = [];
  readonly mus: number[] = [];
  readonly sigmas: number[] = [];

  constructor(length: number) {
    this.joinedAt = new Float64Array(length);
    this.strength = new Float64Array(length);
    this.size = new Int32Array(length);
    this.firstPlayer = new Int32Array(length);
  }

  /** Adds the entry at place `index`; entries come in this order. */
  add(entry: Entry, index: number, pointsPerUnit: number): void {
    const { players } = entry;
    this.ids.push(entry.id);
    this.joinedAt[index] = entry.joinedAt;
    this.size[index] = players.length;
    this.firstPlayer[index] = this.playerIds.length;
    let mean = 0;
    for (const { id, rating } of players) {
      this.playerIds.push(id);
      this.mus.push(rating.mu);
      this.sigmas.push(rating.sigma);
      mean += rating.mu / players.length;
    }
    this.strength[index] = Math.max(-STRONGEST, Math.min(STRONGEST, mean * pointsPerUnit));
  }
}
