import type { ReadTx, Store, Tx } from '@ranked/store';

/** What a killed process does from its last instruction on: nothing. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * Ends the part of a master that lives in memory at a chosen point. Points are counted where the outside can tell the
 * difference: before and after each commit, and before each message that is sent.
 */
export class KillSwitch {
  dead = false;
  /** Points passed so far. */
  points = 0;
  #left: number;

  /** @param after the point at which to die, from 1; never unless given */
  constructor(after = Number.POSITIVE_INFINITY) {
    this.#left = after;
  }

  /** Dies at the `after`-th point from now. */
  arm(after: number): void {
    this.#left = after;
  }

  kill(): void {
    this.dead = true;
  }

  /** @throws Killed at the chosen point and ever after */
  point(): void {
    if (!this.dead) {
      this.points += 1;
      this.#left -= 1;
      if (this.#left <= 0) this.dead = true;
    }
    if (this.dead) throw new Killed('the master was killed');
  }
}

/** A store that a master can be killed at: jobs that were committed stay so, whoever asked for them. */
export function killable(store: Store, kill: KillSwitch): Store {
  const around = async <T>(run: () => Promise<T>): Promise<T> => {
    kill.point();
    const value = await run();
    kill.point();
    return value;
  };
  function write<T>(name: string, fn: (tx: Tx) => Promise<T>, options?: { lock: 'alone' }): Promise<T> {
    return around(() => store.write(name, fn, options));
  }
  return {
    dialect: store.dialect,
    sealer: store.sealer,
    metrics: store.metrics,
    read: async <T>(fn: (tx: ReadTx) => Promise<T>): Promise<T> => {
      if (kill.dead) throw new Killed('the master was killed');
      return store.read(fn);
    },
    write: write as Store['write'],
    writeGrouped: <T>(name: string, fn: (tx: Tx) => Promise<T>) => around(() => store.writeGrouped(name, fn)),
    close: () => store.close(),
  };
}
