import { accounts, NOT_LEADER, sessions, settings } from '../src/index.js';
import type { ReadTx, Store, Tx } from '../src/index.js';
import { behindTheStore, DIALECTS, freshDatabase, open, TestClock } from './databases.js';
import type { FreshDatabase } from './databases.js';
import { someAccounts } from './fixtures.js';

/** A promise and the means to settle it from outside. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe.each(DIALECTS)('transactions on %s', (dialect) => {
  let database: FreshDatabase;
  let store: Store;

  beforeAll(async () => {
    database = await freshDatabase(dialect);
    store = await open(database.target);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  const get = (key: string, from = store) => from.read((tx) => settings.get(tx, key));

  it('a read cannot write, not even with a statement of its own', async () => {
    const write = store.read((tx) => tx.rows(`UPDATE setting SET value = 'x' RETURNING key`));
    await expect(write).rejects.toMatchObject({ code: 'read_only' });
  });

  it.each(['write', 'writeGrouped'] as const)(
    '%s that throws is taken back, and its error comes through',
    async (how) => {
      const mine = new Error('mine');
      const failing = store[how]('fails', async (tx: Tx) => {
        await settings.set(tx, `thrown ${how}`, '1');
        throw mine;
      });
      await expect(failing).rejects.toBe(mine);
      expect(await get(`thrown ${how}`)).toBeNull();
    },
  );

  it('a handle ends with its job', async () => {
    const kept: (Tx | ReadTx)[] = [];
    await store.write('keep', async (tx) => kept.push(tx));
    await store.writeGrouped('keep', async (tx) => kept.push(tx));
    await store.read(async (tx) => kept.push(tx));
    for (const tx of kept) {
      await expect(settings.get(tx, 'x')).rejects.toMatchObject({ code: 'transaction_over' });
      await expect(tx.rows('SELECT 1')).rejects.toMatchObject({ code: 'transaction_over' });
    }
  });

  it('a statement that nobody waited for still belongs to its own transaction', async () => {
    const failing = store.write('careless', async (tx) => {
      void settings.set(tx, 'careless', '1');
      throw new Error('at once');
    });
    await expect(failing).rejects.toThrow('at once');
    await store.write('next', (tx) => settings.set(tx, 'next', '1'));
    expect(await get('careless')).toBeNull();
    await store.write('careless', async (tx) => {
      void settings.set(tx, 'careless', '2');
    });
    expect(await get('careless')).toBe('2');
  });

  it('is durable and visible to others as soon as the promise resolves', async () => {
    const other = await open(database.target);
    for (let n = 0; n < 20; n += 1) {
      await (n % 2 === 0
        ? store.write('w', (tx) => settings.set(tx, 'seen', String(n)))
        : store.writeGrouped('w', (tx) => settings.set(tx, 'seen', String(n))));
      expect(await get('seen', other)).toBe(String(n));
      expect(await get('seen')).toBe(String(n));
    }
    await other.close();
  });

  it('nobody sees a transaction before its end', async () => {
    const { opened, open: letGo } = gate();
    const inside = gate();
    const writing = store.write('slow', async (tx) => {
      await settings.set(tx, 'hidden', '1');
      inside.open();
      await opened;
    });
    await inside.opened;
    expect(await get('hidden')).toBeNull();
    letGo();
    await writing;
    expect(await get('hidden')).toBe('1');
  });

  it('no error carries a stored value', async () => {
    const [accountId = ''] = await someAccounts(store, 1);
    const session = {
      id: 'f'.repeat(32),
      accountId,
      accessDigest: 'e'.repeat(64),
      ticketKey: Buffer.alloc(32, 'secret'),
      expiresAt: 1,
    };
    await store.write('login', (tx) => sessions.create(tx, session));
    const again = await store
      .write('login', (tx) => sessions.create(tx, session))
      .catch((error: unknown) => error);
    expect(again).toMatchObject({ code: 'unique' });
    const found = await store
      .read((tx) => tx.find(accounts as never, { where: { id: session.accessDigest } as never }))
      .catch((error: unknown) => error);
    for (const error of [again, found]) {
      const shown = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error);
      expect(shown).not.toContain(session.id);
      expect(shown).not.toContain(session.accessDigest);
    }
  });

  describe('groups', () => {
    it('jobs that come together share commits; a failing one takes back only itself', async () => {
      const before = { ...store.metrics };
      const outcomes = await Promise.allSettled(
        Array.from({ length: 200 }, (_, n) =>
          store.writeGrouped('grouped', async (tx) => {
            await settings.set(tx, `group ${n}`, 'x');
            if (n % 10 === 3) throw new Error(`job ${n}`);
            // A statement that the database refuses spoils a whole PostgreSQL transaction, but for the savepoint.
            if (n % 10 === 7)
              await tx.run(`INSERT INTO setting (key, value, changed_at) VALUES ('group 0', 'x', 1)`);
            return n;
          }),
        ),
      );
      for (const [n, outcome] of outcomes.entries()) {
        if (n % 10 === 3)
          expect(outcome).toMatchObject({ status: 'rejected', reason: { message: `job ${n}` } });
        else if (n % 10 === 7)
          expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unique' } });
        else expect(outcome).toEqual({ status: 'fulfilled', value: n });
      }
      const stored = await store.read((tx) =>
        tx.rows<{ key: string }>(`SELECT key FROM setting WHERE key LIKE 'group %'`),
      );
      const expected = outcomes.flatMap((outcome, n) =>
        outcome.status === 'fulfilled' ? [`group ${n}`] : [],
      );
      expect(stored.map(({ key }) => key).sort()).toEqual(expected.sort());
      expect(store.metrics.groupedJobs - before.groupedJobs).toBe(160);
      expect(store.metrics.failed - before.failed).toBe(40);
      expect(store.metrics.writes - before.writes).toBe(160);
      expect(store.metrics.groups - before.groups).toBeLessThan(160);
      expect(store.metrics.largestGroup).toBeGreaterThan(1);
      expect(store.metrics.queueDepth).toBe(0);
    });

    it('a commit that fails fails every job of it, and the next ones go on', async () => {
      await behindTheStore(database.target, 'CREATE TABLE later_parent (id integer PRIMARY KEY)');
      await behindTheStore(
        database.target,
        'CREATE TABLE later (parent integer REFERENCES later_parent (id) DEFERRABLE INITIALLY DEFERRED)',
      );
      const { opened, open: letGo } = gate();
      // The first job holds the group open until the others have come.
      const jobs = [
        store.writeGrouped('first', async (tx) => {
          await opened;
          await settings.set(tx, 'doomed', '1');
        }),
        store.writeGrouped('orphan', (tx) => tx.run('INSERT INTO later (parent) VALUES (99)')),
      ];
      letGo();
      for (const job of await Promise.allSettled(jobs)) {
        expect(job).toMatchObject({ status: 'rejected', reason: { code: 'foreign_key' } });
      }
      expect(await get('doomed')).toBeNull();
      await store.writeGrouped('after', (tx) => settings.set(tx, 'after the doomed', '1'));
      expect(await get('after the doomed')).toBe('1');
    });
  });

  it('a full queue refuses, counts, and works again', async () => {
    const small = await open(database.target, { maxQueuedWrites: 3 });
    const { opened, open: letGo } = gate();
    // As many as may run at once, on either database, and three that wait.
    const lanes = dialect === 'sqlite' ? 1 : 4;
    const running = Array.from({ length: lanes }, () => small.write('holds', () => opened));
    const waiting = Array.from({ length: 3 }, (_, n) => small.write('waits', async () => n));
    await expect(small.write('too many', async () => 0)).rejects.toMatchObject({ code: 'busy' });
    await expect(small.writeGrouped('too many', async () => 0)).rejects.toMatchObject({ code: 'busy' });
    expect(small.metrics).toMatchObject({ refusedBusy: 2, queueDepth: 3, peakQueueDepth: 3 });
    letGo();
    await Promise.all(running);
    expect(await Promise.all(waiting)).toEqual([0, 1, 2]);
    expect(await small.write('again', async () => 'fine')).toBe('fine');

    const reading = gate();
    const reads = Array.from({ length: 3 }, () => small.read(() => reading.opened));
    await expect(small.read(async () => 0)).rejects.toMatchObject({ code: 'busy' });
    reading.open();
    await Promise.all(reads);
    expect(await small.read(async () => 'fine')).toBe('fine');
    await small.close();
  });

  it('closing finishes what waits and refuses the rest', async () => {
    const closing = await open(database.target);
    const { opened, open: letGo } = gate();
    const writes = [
      closing.write('holds', () => opened),
      ...Array.from({ length: 10 }, (_, n) =>
        n % 2 === 0
          ? closing.write('waits', (tx) => settings.set(tx, `closing ${n}`, '1'))
          : closing.writeGrouped('waits', (tx) => settings.set(tx, `closing ${n}`, '1')),
      ),
    ];
    const closed = closing.close();
    await expect(closing.write('late', async () => 0)).rejects.toMatchObject({ code: 'closed' });
    await expect(closing.writeGrouped('late', async () => 0)).rejects.toMatchObject({ code: 'closed' });
    await expect(closing.read(async () => 0)).rejects.toMatchObject({ code: 'closed' });
    letGo();
    await closed;
    await Promise.all(writes);
    await closing.close();
    expect(await get('closing 9')).toBe('1');
  });

  it("the tick lock is one node's at a time", async () => {
    const other = await open(database.target);
    const inside = gate();
    const { opened, open: letGo } = gate();
    const first = store.write(
      'tick',
      async () => {
        inside.open();
        await opened;
        return 'ticked';
      },
      { lock: 'tick' },
    );
    await inside.opened;
    const second = other.write('tick', async () => 'ticked', { lock: 'tick' });
    if (dialect === 'postgres') {
      expect(await second).toBe(NOT_LEADER);
      letGo();
      expect(await first).toBe('ticked');
      expect(await other.write('tick', async () => 'ticked', { lock: 'tick' })).toBe('ticked');
    } else {
      // The file's write lock is the tick lock: the second waits for it.
      letGo();
      expect(await Promise.all([first, second])).toEqual(['ticked', 'ticked']);
    }
    await other.close();
  });

  it('a write that is alone waits for those that are open; those that come read the clock after it', async () => {
    const clock = new TestClock();
    const others = await Promise.all([open(database.target, clock), open(database.target, clock)]);
    const [inside, aloneInside] = [gate(), gate()];
    const { opened, open: letGo } = gate();
    const order: string[] = [];
    const first = others[0].writeGrouped('open', async () => {
      inside.open();
      await opened;
      order.push('open');
    });
    await inside.opened;
    const alone = others[1].write(
      'alone',
      async (tx) => {
        order.push('alone');
        aloneInside.open();
        // Statements of other connections wait; a few of our own give them the time to try.
        for (let n = 0; n < 20; n++) await tx.rows('SELECT 1 AS one');
        order.push('alone ends');
        return clock.advance(5000);
      },
      { lock: 'alone' },
    );
    for (let n = 0; n < 20; n++) await store.read((tx) => tx.rows('SELECT 1 AS one'));
    letGo();
    await aloneInside.opened;
    const later = others.flatMap((other) => [
      other.write('later', async (tx) => tx.now()),
      other.write('later', async (tx) => tx.now(), { lock: 'tick' }),
      other.writeGrouped('later', async (tx) => tx.now()),
    ]);
    await first;
    const ended = await alone;
    for (const time of await Promise.all(later)) expect([ended, NOT_LEADER]).toContain(time);
    expect(order).toEqual(['open', 'alone', 'alone ends']);
    await Promise.all(others.map((other) => other.close()));
  });

  it('one alone after another, in whatever store, each with what the one before wrote', async () => {
    const other = await open(database.target);
    await store.write('count', (tx) => settings.set(tx, 'alone', '0'));
    const count = (from: Store) =>
      from.write(
        'count',
        async (tx) => settings.set(tx, 'alone', String(Number(await settings.get(tx, 'alone')) + 1)),
        { lock: 'alone' },
      );
    await Promise.all(Array.from({ length: 20 }, (_, n) => count(n % 2 === 0 ? store : other)));
    expect(await get('alone')).toBe('20');
    await other.close();
  });

  it('two stores on one database write at the same time, and nothing is lost', async () => {
    const other = await open(database.target);
    const add = (to: Store, grouped: boolean) => {
      const job = async (tx: Tx) => {
        const [row] = await tx.rows<{ value: string }>(
          `SELECT value FROM setting WHERE key = 'sum'${tx.dialect.forUpdate}`,
        );
        await settings.set(tx, 'sum', String(Number(row?.value) + 1));
      };
      return grouped ? to.writeGrouped('add', job) : to.write('add', job);
    };
    await store.write('zero', (tx) => settings.set(tx, 'sum', '0'));
    await Promise.all(Array.from({ length: 200 }, (_, n) => add(n % 2 === 0 ? store : other, n % 3 === 0)));
    expect(await get('sum')).toBe('200');
    await other.close();
  });

  if (dialect === 'sqlite') {
    it('writes run in the order of the calls, grouped or not', async () => {
      const order: number[] = [];
      await Promise.all(
        Array.from({ length: 60 }, (_, n) => {
          const job = async (tx: Tx) => {
            await tx.rows('SELECT 1');
            order.push(n);
          };
          return n % 7 < 3 ? store.write('w', job) : store.writeGrouped('g', job);
        }),
      );
      expect(order).toEqual(Array.from({ length: 60 }, (_, n) => n));
    });

    it('a file that another process keeps locked gives busy, to all who waited, and heals', async () => {
      if (database.target.kind !== 'sqlite') throw new Error('SQLite only');
      const { default: sqlite3 } = await import('sqlite3');
      const lock = new sqlite3.Database(database.target.path);
      const run = (sql: string) =>
        new Promise<void>((resolve, reject) => {
          lock.run(sql, (error: Error | null) => (error ? reject(error) : resolve()));
        });
      await run('BEGIN IMMEDIATE');
      const refusedBefore = store.metrics.refusedBusy;
      const outcomes = await Promise.allSettled(
        Array.from({ length: 5 }, () =>
          store.writeGrouped('blocked', (tx) => settings.set(tx, 'blocked', '1')),
        ),
      );
      for (const outcome of outcomes)
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'busy' } });
      expect(store.metrics.refusedBusy - refusedBefore).toBe(5);
      expect(await get('blocked')).toBeNull();
      await run('ROLLBACK');
      await store.writeGrouped('free', (tx) => settings.set(tx, 'blocked', '2'));
      expect(await get('blocked')).toBe('2');
      await new Promise<void>((resolve) => lock.close(() => resolve()));
    });
  } else {
    it('a deadlock is resolved by running again who was its victim', async () => {
      await store.write('rows', async (tx) => {
        await settings.set(tx, 'left', '0');
        await settings.set(tx, 'right', '0');
      });
      const bothIn = gate();
      let holding = 0;
      let runs = 0;
      const transfer = (first: string, second: string) => async (tx: Tx) => {
        runs += 1;
        await settings.set(tx, first, 'x');
        holding += 1;
        if (holding === 2) bothIn.open();
        await bothIn.opened;
        await settings.set(tx, second, 'x');
        await settings.set(tx, `${first} first`, 'done');
      };
      const retries = store.metrics.retries;
      await Promise.all([
        store.write('one', transfer('left', 'right')),
        store.writeGrouped('other', transfer('right', 'left')),
      ]);
      // PostgreSQL may pick both as victims when they notice the deadlock in the same moment, and these may meet crosswise
      // again: no number bounds it but that of the runs themselves. Each run beyond the first two is a counted retry.
      expect(runs).toBeGreaterThanOrEqual(3);
      expect(store.metrics.retries - retries).toBe(runs - 2);
      expect(await get('left first')).toBe('done');
      expect(await get('right first')).toBe('done');
    });

    it('a connection that the server ends costs its own transaction only', async () => {
      const lost = store.write('lost', async (tx) => {
        await settings.set(tx, 'lost', '1');
        await tx.rows('SELECT pg_terminate_backend(pg_backend_pid())');
      });
      await expect(lost).rejects.toMatchObject({ name: 'StoreError' });
      await Promise.all(
        Array.from({ length: 10 }, (_, n) => store.write('on', (tx) => settings.set(tx, `on ${n}`, '1'))),
      );
      expect(await get('lost')).toBeNull();
      expect(await get('on 9')).toBe('1');
    });
  }
});
