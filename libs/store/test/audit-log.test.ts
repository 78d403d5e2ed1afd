import fc from 'fast-check';
import { auditLog, settings } from '../src/index.js';
import type { AuditMark, NewAuditEntry, Store, StoreTarget } from '../src/index.js';
import { behindTheStore, clear, DIALECTS, freshDatabase, open, START, type TestClock } from './databases.js';
import { withStore } from './with-store.js';

const ENTRY: NewAuditEntry = {
  address: '127.0.0.1',
  actor: 'alice',
  action: 'player.ban',
  target: 'player Ann',
  result: 'done',
  detail: { reason: 'aimbot', until: null },
};

describe.each(DIALECTS)('the audit log on %s', (dialect) => {
  let store: Store;
  let target: StoreTarget;
  let clock: TestClock;
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(async () => {
    await clear(target);
    await sql(`DELETE FROM setting WHERE key = 'audit_head'`);
  });

  const sql = (statement: string) => behindTheStore(target, statement);
  const append = (entry: Partial<NewAuditEntry> = {}) =>
    store.writeGrouped('audit', (tx) => auditLog.append(tx, { ...ENTRY, ...entry }));
  const verify = () => auditLog.verify((read) => store.read(read));
  const some = async (count: number) => {
    for (let n = 1; n <= count; n++) await append({ target: `row ${n}` });
  };

  it('keeps what it was told, newest first, numbered without a gap', async () => {
    await append();
    clock.advance(5);
    await append({ actor: null, action: 'token.refuse', result: 'refused', count: 12 });
    const rows = await store.read((tx) => auditLog.list(tx));
    expect(rows).toMatchObject([
      { id: 2, at: START + 5, actor: null, action: 'token.refuse', result: 'refused', count: 12 },
      { id: 1, at: START, actor: 'alice', detail: { reason: 'aimbot', until: null }, count: 1 },
    ]);
    expect(await verify()).toEqual({ checked: 2, fault: null });
  });

  it('an empty log is whole', async () => {
    expect(await verify()).toEqual({ checked: 0, fault: null });
  });

  it('is found by who, what, outcome, text and time', async () => {
    await append();
    await append({ action: 'playerless', target: '100% _sure_', detail: {} });
    clock.advance(1_000);
    await append({ actor: 'bob', action: 'server.kick', result: 'failed', detail: { reason: 'Lag\\Spike' } });
    const ids = async (wanted: Parameters<typeof auditLog.list>[1]) =>
      (await store.read((tx) => auditLog.list(tx, wanted))).map(({ id }) => id);
    expect(await ids({ actor: 'bob' })).toEqual([3]);
    expect(await ids({ action: 'player' })).toEqual([1]);
    expect(await ids({ action: 'player.ban' })).toEqual([1]);
    expect(await ids({ result: 'done' })).toEqual([2, 1]);
    expect(await ids({ contains: 'AIMBOT' })).toEqual([1]);
    expect(await ids({ contains: '0% _' })).toEqual([2]);
    expect(await ids({ contains: '%' })).toEqual([2]);
    expect(await ids({ from: START + 1 })).toEqual([3]);
    expect(await ids({ to: START + 1, limit: 1 })).toEqual([2]);
    expect(await ids({ before: 2 })).toEqual([1]);
    expect(await ids({ after: 1 })).toEqual([3, 2]);
    expect(await ids({ contains: "x' OR 1=1 --" })).toEqual([]);
  });

  it('text of strangers stays on one line and within bounds', async () => {
    const nasty = 'a\n2026 alice player.unban\r\u001b[2J\u202eevil\u0000\ud800\u2028';
    const row = await append({
      address: nasty,
      actor: nasty.repeat(50),
      target: nasty.repeat(100),
      detail: {
        [nasty]: nasty,
        deep: { a: { b: { c: { d: 1 } } } },
        many: Array.from({ length: 500 }, (_, n) => n),
      },
    });
    const text = JSON.stringify([row.address, row.actor, row.target, row.detail]);
    expect(text).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(row.address).toContain('a\\u{a}2026 alice player.unban');
    expect(row.actor?.length).toBe(64);
    expect(row.target.length).toBe(200);
    expect(JSON.stringify(row.detail).length).toBeLessThanOrEqual(4_000);
    expect(await verify()).toEqual({ checked: 1, fault: null });
  });

  it('never lets text through that could forge a line, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        const row = await append({ target: text, actor: text, detail: { text } });
        const shown = [row.target, row.actor ?? '', (row.detail as { text: string }).text];
        for (const one of shown) expect(one).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(row.target.length).toBeLessThanOrEqual(200);
      }),
      { numRuns: 50 },
    );
    expect((await verify()).fault).toBeNull();
  });

  it.each([
    ['at', 'at + 1'],
    ['address', `'10.0.0.1'`],
    ['actor', `'bob'`],
    ['actor', 'NULL'],
    ['action', `'player.unban'`],
    ['target', `'player Bob'`],
    ['result', `'failed'`],
    ['detail', `'{}'`],
    ['count', 'count + 1'],
    ['mac', `'${'0'.repeat(64)}'`],
  ])('a changed %s (%s) is named', async (column, value) => {
    await some(4);
    await sql(`UPDATE audit_entry SET ${column} = ${value} WHERE id = 3`);
    expect(await verify()).toMatchObject({ fault: { id: 3, kind: 'changed' } });
  });

  it('of any number of changed and removed rows the first is named', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.integer({ min: 1, max: 6 }), remove: fc.boolean() }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (faults) => {
          await sql('DELETE FROM audit_entry');
          await sql(`DELETE FROM setting WHERE key = 'audit_head'`);
          await some(7);
          for (const { id, remove } of faults) {
            await sql(
              remove
                ? `DELETE FROM audit_entry WHERE id = ${id}`
                : `UPDATE audit_entry SET at = at + 1 WHERE id = ${id}`,
            );
          }
          const first = Math.min(...faults.map(({ id }) => id));
          const kind = faults.some(({ id, remove }) => id === first && remove) ? 'removed' : 'changed';
          expect(await verify()).toMatchObject({ checked: first - 1, fault: { id: first, kind } });
        },
      ),
      { numRuns: 25 },
    );
  });

  it('a row that closes up to a removed one is named, since its number is part of it', async () => {
    await some(4);
    await sql('DELETE FROM audit_entry WHERE id = 2');
    await sql('UPDATE audit_entry SET id = 2 WHERE id = 3');
    await sql('UPDATE audit_entry SET id = 3 WHERE id = 4');
    expect(await verify()).toMatchObject({ fault: { id: 2, kind: 'changed' } });
  });

  it('two rows that changed places are named', async () => {
    await some(4);
    await sql('UPDATE audit_entry SET id = 20 WHERE id = 2');
    await sql('UPDATE audit_entry SET id = 2 WHERE id = 3');
    await sql('UPDATE audit_entry SET id = 3 WHERE id = 20');
    expect(await verify()).toMatchObject({ fault: { id: 2, kind: 'changed' } });
  });

  it('rows cut off at the end are named, with the head as it was, gone, or set back', async () => {
    await some(3);
    const head = await store.read((tx) => settings.get(tx, 'audit_head'));
    const [third] = await store.read((tx) => auditLog.list(tx, { limit: 1 }));
    await some(2);
    await sql('DELETE FROM audit_entry WHERE id > 3');
    expect(await verify()).toMatchObject({ checked: 3, fault: { id: 4, kind: 'truncated' } });
    await sql(`UPDATE setting SET value = '3 ${third?.mac} ${'0'.repeat(64)}' WHERE key = 'audit_head'`);
    expect(await verify()).toMatchObject({ checked: 3, fault: { id: 4, kind: 'truncated' } });
    await sql(`DELETE FROM setting WHERE key = 'audit_head'`);
    expect(await verify()).toMatchObject({ fault: { id: 4, kind: 'truncated' } });
    // The one thing that cannot be seen from inside, and why the last row is also noted outside.
    await sql(`INSERT INTO setting (key, value, changed_at) VALUES ('audit_head', '${head}', 1)`);
    expect(await verify()).toMatchObject({ fault: null });
  });

  describe('put back to an older state', () => {
    const verifyFrom = (seen: AuditMark) => auditLog.verify((read) => store.read(read), seen);
    let seen: AuditMark;
    beforeEach(async () => {
      await some(2);
      const head = await store.read((tx) => settings.get(tx, 'audit_head'));
      await some(1);
      seen = await append();
      expect(await verifyFrom(seen)).toEqual({ checked: 4, fault: null });
      await sql('DELETE FROM audit_entry WHERE id > 2');
      await sql(`UPDATE setting SET value = '${head}' WHERE key = 'audit_head'`);
    });

    it('is told by who has seen a later row', async () => {
      expect(await verify()).toEqual({ checked: 2, fault: null });
      expect(await verifyFrom(seen)).toMatchObject({ checked: 2, fault: { id: 3, kind: 'truncated' } });
    });

    it('and gone on with, also once it is as long as it was', async () => {
      await some(5);
      expect(await verify()).toEqual({ checked: 7, fault: null });
      expect(await verifyFrom(seen)).toMatchObject({ fault: { id: 4, kind: 'removed' } });
    });

    it('or emptied, head and all', async () => {
      await sql('DELETE FROM audit_entry');
      await sql(`DELETE FROM setting WHERE key = 'audit_head'`);
      expect(await verify()).toEqual({ checked: 0, fault: null });
      expect(await verifyFrom(seen)).toMatchObject({ fault: { id: 1, kind: 'truncated' } });
    });

    it('takes no further row from who has seen a later one, until it is resealed', async () => {
      const write = () => store.write('audit', (tx) => auditLog.append(tx, ENTRY, seen));
      await expect(write()).rejects.toMatchObject({ code: 'audit_broken' });
      seen = await store.write('reseal', (tx) => auditLog.reseal(tx, { ...ENTRY, action: 'audit.reseal' }));
      await write();
      expect(await verifyFrom(seen)).toEqual({ checked: 4, fault: null });
    });
  });

  it('a row that somebody wrote past the store is named', async () => {
    await some(2);
    await sql(
      `INSERT INTO audit_entry SELECT 3, at, address, actor, action, target, result, detail, count, mac FROM audit_entry WHERE id = 2`,
    );
    expect(await verify()).toMatchObject({ fault: { id: 3, kind: 'changed' } });
  });

  it('goes on nowhere when its end is gone, and after a reseal names what is missing all the same', async () => {
    await some(4);
    await sql('DELETE FROM audit_entry WHERE id = 2');
    await sql(`DELETE FROM setting WHERE key = 'audit_head'`);
    await expect(append()).rejects.toMatchObject({ code: 'audit_broken' });
    await store.write('reseal', (tx) => auditLog.reseal(tx, { ...ENTRY, action: 'audit.reseal' }));
    await append();
    expect((await store.read((tx) => auditLog.list(tx))).map(({ id }) => id)).toEqual([6, 5, 4, 3, 1]);
    expect(await verify()).toMatchObject({ fault: { id: 2, kind: 'removed' } });
  });

  it('a row and what it tells of are there together or not at all', async () => {
    await expect(
      store.writeGrouped('action', async (tx) => {
        await settings.set(tx, 'deed', 'done');
        await auditLog.append(tx, ENTRY);
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect(await store.read((tx) => settings.get(tx, 'deed'))).toBeNull();
    expect(await verify()).toEqual({ checked: 0, fault: null });
  });

  it('rows of two processes at once are one chain', async () => {
    const other = await open(target, { now: clock.now });
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        (n % 2 === 0 ? store : other).write('audit', (tx) =>
          auditLog.append(tx, { ...ENTRY, target: `row ${n}` }),
        ),
      ),
    );
    expect(await verify()).toEqual({ checked: 40, fault: null });
    await other.close();
  });

  it('another database key makes other MACs', async () => {
    await some(1);
    const [row] = await store.read((tx) => auditLog.list(tx));
    const elsewhere = await freshDatabase(dialect);
    const other = await open(elsewhere.target, { databaseKey: Buffer.alloc(32, 8), now: clock.now });
    const same = await other.write('audit', (tx) => auditLog.append(tx, { ...ENTRY, target: 'row 1' }));
    expect({ ...same, mac: '' }).toEqual({ ...row, mac: '' });
    expect(same.mac).not.toBe(row?.mac);
    await other.close();
    await elsewhere.drop();
  });

  it('more rows than a page are all checked', async () => {
    await store.write('many', async (tx) => {
      for (let n = 0; n < 1_005; n++) await auditLog.append(tx, ENTRY);
    });
    expect(await verify()).toEqual({ checked: 1_005, fault: null });
    await sql(`UPDATE audit_entry SET target = 'x' WHERE id = 1003`);
    expect(await verify()).toMatchObject({ checked: 1_002, fault: { id: 1_003 } });
  });
});
