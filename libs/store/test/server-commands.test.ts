import { randomUUID } from 'node:crypto';
import { commands } from '../src/index.js';
import type { Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS, START, type TestClock } from './databases.js';
import { aCertificate } from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('commands on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let target: StoreTarget;
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(() => clear(target));

  const enqueue = (serverId: string, fields: object = {}) => {
    const command = {
      id: randomUUID(),
      serverId,
      type: 'kick',
      payload: { a: [1, 'ü'] },
      expiresAt: START + 1000,
    };
    return store.writeGrouped('command', async (tx) => ({
      id: command.id,
      outcome: await commands.enqueue(tx, { ...command, ...fields }),
    }));
  };
  const due = (serverIds: string[], resendBefore = START) =>
    store.read((tx) => commands.due(tx, { serverIds, resendBefore }));

  it('are due until acknowledged, and again when the time to resend has come', async () => {
    const [server, other] = [await aCertificate(store), await aCertificate(store)];
    const { id } = await enqueue(server);
    await enqueue(other);
    expect(await due([server])).toEqual([
      {
        id,
        serverId: server,
        type: 'kick',
        payload: { a: [1, 'ü'] },
        createdAt: START,
        expiresAt: START + 1000,
        sentAt: null,
        ackedAt: null,
        failedAt: null,
        error: null,
      },
    ]);
    expect(await store.write('sent', (tx) => commands.markSent(tx, [id, randomUUID()]))).toBe(1);
    expect(await due([server], START)).toEqual([]);
    expect(await due([server], START + 1)).toHaveLength(1);
    const ack = (serverId: string) => store.write('ack', (tx) => commands.markAcked(tx, { id, serverId }));
    expect(await ack(other)).toBe(false);
    expect(await ack(server)).toBe(true);
    expect(await ack(server)).toBe(false);
    expect(await due([server], START + 1)).toEqual([]);
    expect(await store.read((tx) => commands.byId(tx, id))).toMatchObject({
      ackedAt: START,
      payload: { a: [1, 'ü'] },
    });
    expect(await store.read((tx) => commands.byId(tx, randomUUID()))).toBeNull();
  });

  it("fail with the server's words, or expire", async () => {
    const server = await aCertificate(store);
    const [one, two] = [await enqueue(server), await enqueue(server)];
    const fail = () =>
      store.write('fail', (tx) =>
        commands.markFailed(tx, { id: one.id, serverId: server, error: 'no\0such' }),
      );
    expect(await fail()).toBe(true);
    expect(await fail()).toBe(false);
    expect(await store.read((tx) => commands.byId(tx, one.id))).toMatchObject({ error: 'no\ufffdsuch' });
    clock.advance(1000);
    expect(await due([server])).toEqual([]);
    expect(await store.write('expire', commands.expire)).toBe(1);
    expect(await store.read((tx) => commands.byId(tx, two.id))).toMatchObject({ error: 'expired' });
    expect(await store.write('clean', (tx) => commands.removeOld(tx, START + 1, 1))).toBe(1);
    expect(await store.write('clean', (tx) => commands.removeOld(tx, START + 1, 10))).toBe(1);
  });

  it('are bounded per server; those that are over make room', async () => {
    const server = await aCertificate(store);
    const made = await Promise.all(Array.from({ length: 260 }, () => enqueue(server)));
    expect(made.filter(({ outcome }) => outcome === 'enqueued')).toHaveLength(commands.MAX_OPEN_COMMANDS);
    expect((await enqueue(await aCertificate(store))).outcome).toBe('enqueued');
    clock.advance(1000);
    expect((await enqueue(server, { expiresAt: START + 5000 })).outcome).toBe('enqueued');
    await expect(enqueue(randomUUID())).rejects.toMatchObject({ code: 'foreign_key' });
  });
});
