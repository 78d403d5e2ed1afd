import { randomUUID } from 'node:crypto';
import { certificates, commands, gameServers, peerConnections, serverLogs, settings } from '../src/index.js';
import type { LogLine, Store } from '../src/index.js';
import { clear, DIALECTS, freshDatabase, open, START, TestClock } from './databases.js';
import type { FreshDatabase } from './databases.js';
import { aCertificate, aServer, MASTER_KEY_ID, presenceOf } from './fixtures.js';

const UNTRIED = { failedUntil: null, provenMatches: 0, provenAt: null };

describe.each(DIALECTS)('servers on %s', (dialect) => {
  let database: FreshDatabase;
  let store: Store;
  let clock: TestClock;

  beforeAll(async () => {
    clock = new TestClock();
    database = await freshDatabase(dialect);
    store = await open(database.target, { now: clock.now });
  });
  beforeEach(async () => {
    clock.ms = START;
    await clear(database.target);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  const byId = (id: string) => store.read((tx) => gameServers.byId(tx, id));
  const upsert = (...presence: ReturnType<typeof presenceOf>[]) =>
    store.write('presence', (tx) => gameServers.upsertPresence(tx, presence));

  describe('presence', () => {
    it('is written for many at once, new or not, and read back whole', async () => {
      const ids = await Promise.all(Array.from({ length: 50 }, () => aCertificate(store)));
      expect(await upsert(...ids.map((id) => presenceOf(id)))).toBe(50);
      const [first = ''] = ids;
      const full = presenceOf(first, {
        name: `O'Neil "x" 漢字`,
        players: 12,
        accepting: false,
        matches: 2,
        load: 0.25,
        queues: ['duel', `'"`],
        lastSeen: START + 500,
      });
      expect(await upsert(full)).toBe(1);
      expect(await byId(first)).toEqual({ ...full, online: true, ...UNTRIED, drainingSince: null });
      expect(await store.read((tx) => gameServers.list(tx, { limit: 10 }))).toHaveLength(10);
      expect(await upsert()).toBe(0);
    });

    it('of an unknown server is left out, and of a server named twice the later counts', async () => {
      const id = await aCertificate(store);
      expect(
        await upsert(
          presenceOf(randomUUID()),
          presenceOf(id, { players: 1 }),
          presenceOf(id, { players: 2 }),
        ),
      ).toBe(1);
      expect(await byId(id)).toMatchObject({ players: 2 });
    });

    it('with text that no database can hold is mended and does not spoil the others', async () => {
      const [bad, good] = [await aCertificate(store), await aCertificate(store)];
      expect(
        await upsert(presenceOf(bad, { name: 'a\0b', build: '\ud800', queues: ['\0'] }), presenceOf(good)),
      ).toBe(2);
      expect(await byId(bad)).toMatchObject({ name: 'a\ufffdb', build: '\ufffd', queues: ['\ufffd'] });
    });

    it('of an older connection never overwrites a newer one', async () => {
      const id = await aServer(store, { nodeId: 'new', connectedAt: START + 10 });
      expect(await upsert(presenceOf(id, { nodeId: 'old', connectedAt: START + 9 }))).toBe(0);
      expect(await byId(id)).toMatchObject({ nodeId: 'new' });
    });

    it('of an older connection counts once the newer one is offline: it may be older by another clock only', async () => {
      const id = await aServer(store, { nodeId: 'fast', connectedAt: START + 10 });
      await store.write('off', (tx) =>
        gameServers.markOffline(tx, [{ id, nodeId: 'fast', connectedAt: START + 10 }]),
      );
      expect(await upsert(presenceOf(id, { nodeId: 'slow', connectedAt: START + 9 }))).toBe(1);
      expect(await byId(id)).toMatchObject({ nodeId: 'slow', online: true });
    });

    it('goes offline with its own connection only', async () => {
      const id = await aServer(store, { connectedAt: START + 10 });
      const off = (connection: { nodeId: string; connectedAt: number }) =>
        store.write('off', (tx) => gameServers.markOffline(tx, [{ id, ...connection }]));
      expect(await off({ nodeId: 'node-1', connectedAt: START })).toBe(0);
      expect(await off({ nodeId: 'node-2', connectedAt: START + 10 })).toBe(0);
      expect(await byId(id)).toMatchObject({ online: true });
      expect(await off({ nodeId: 'node-1', connectedAt: START + 10 })).toBe(1);
      expect(await off({ nodeId: 'node-1', connectedAt: START + 10 })).toBe(0);
      expect(await byId(id)).toMatchObject({ online: false });
    });

    it('goes offline with its node, and when it is silent', async () => {
      const [a, b, c] = [
        await aServer(store, { nodeId: 'x' }),
        await aServer(store, { nodeId: 'y', lastSeen: START - 100 }),
        await aServer(store, { nodeId: 'y' }),
      ];
      expect(await store.write('node', (tx) => gameServers.markNodeOffline(tx, 'x'))).toBe(1);
      expect(await store.write('silent', (tx) => gameServers.markSilentOffline(tx, START))).toEqual([b]);
      const online = await store.read((tx) => gameServers.list(tx, { onlineOnly: true }));
      expect(online.map((server) => server.id)).toEqual([c]);
      expect((await store.read((tx) => gameServers.list(tx))).map((server) => server.id)).toEqual(
        [a, b, c].sort(),
      );
    });
  });

  describe('newest connections', () => {
    const note = (...connections: [peerId: string, connectionId: string, openMs?: number][]) =>
      store.write('note', (tx) =>
        peerConnections.note(
          tx,
          connections.map(([peerId, connectionId, openMs = 0]) => ({ peerId, connectionId, openMs })),
        ),
      );
    const superseded = (...connections: [string, string][]) =>
      store.read((tx) =>
        peerConnections.superseded(
          tx,
          connections.map(([peerId, connectionId]) => ({ peerId, connectionId })),
        ),
      );

    it('are those that were opened last; a peer of whom nothing is noted has lost none', async () => {
      const [one, other, stranger] = [randomUUID(), randomUUID(), randomUUID()];
      await note([one, 'c1'], [other, 'c2']);
      expect(await superseded([one, 'c1'], [other, 'c2'], [stranger, 'c3'])).toEqual([]);
      await note([one, 'c4'], [one, 'c5']);
      expect(await superseded([one, 'c1'], [other, 'c2'])).toEqual([one]);
      expect(await superseded([one, 'c4'])).toEqual([one]);
      expect(await superseded([one, 'c5'])).toEqual([]);
      await note();
      expect(await superseded()).toEqual([]);
    });

    it('stay, whatever is noted late, or again', async () => {
      const peer = randomUUID();
      await note([peer, 'second', 30_000]);
      await note([peer, 'first', 60_000]);
      expect(await superseded([peer, 'first'])).toEqual([peer]);
      expect(await superseded([peer, 'second'])).toEqual([]);
      await note([peer, 'third', 10_000]);
      await note([peer, 'second', 30_000]);
      expect(await superseded([peer, 'second'])).toEqual([peer]);
      expect(await superseded([peer, 'third'])).toEqual([]);
    });

    it("are noted as ever after the database's clock was set back", async () => {
      const peer = randomUUID();
      await note([peer, 'before']);
      await store.write('ahead', (tx) =>
        tx.run('UPDATE peer_connection SET opened_at = opened_at + 3600000 WHERE peer_id = $1', [peer]),
      );
      await note([peer, 'after', 50]);
      expect(await superseded([peer, 'after'])).toEqual([]);
      await note([peer, 'older', 60_000]);
      expect(await superseded([peer, 'after'])).toEqual([]);
    });

    it('of long ago are forgotten, oldest first and no more than wanted; who comes back has the newest', async () => {
      const [oldest, older, old, fresh] = Array.from({ length: 4 }, () => randomUUID());
      if (!oldest || !older || !old || !fresh) throw new Error('four were made');
      await note(
        [fresh, 'f', 900_000],
        [old, 'o', 1_200_000],
        [oldest, 'x', 1_400_000],
        [older, 'y', 1_300_000],
      );
      const forget = (limit: number) =>
        store.write('sweep', (tx) => peerConnections.removeOld(tx, 1_000_000, limit));
      const all = () => superseded([oldest, '-'], [older, '-'], [old, '-'], [fresh, '-']);
      expect(await forget(2)).toBe(2);
      expect((await all()).sort()).toEqual([old, fresh].sort());
      expect(await forget(2)).toBe(1);
      expect(await forget(2)).toBe(0);
      expect(await all()).toEqual([fresh]);
      await note([oldest, 'z']);
      expect(await superseded([oldest, 'x'])).toEqual([oldest]);
      expect(await superseded([oldest, 'z'])).toEqual([]);
    });

    it('noted by many at once in every order leave one each', async () => {
      const peers = Array.from({ length: 20 }, () => randomUUID());
      await Promise.all(
        Array.from({ length: 6 }, (_, n) =>
          note(...(n % 2 === 0 ? peers : peers.toReversed()).map((id): [string, string] => [id, `c${n}`])),
        ),
      );
      const newest = await Promise.all(
        Array.from({ length: 6 }, async (_, n) => {
          const lost = await superseded(...peers.map((id): [string, string] => [id, `c${n}`]));
          return peers.length - lost.length;
        }),
      );
      expect(newest.reduce((sum, count) => sum + count, 0)).toBe(peers.length);
    });
  });

  describe('candidates', () => {
    const candidates = (queue = 'duel') =>
      store.read((tx) =>
        gameServers.candidates(tx, { queue, masterKeyId: MASTER_KEY_ID, seenSince: START - 10 }),
      );

    it('names free servers by id', async () => {
      const ids = [await aServer(store), await aServer(store, { region: 'us', capacity: 9 })];
      expect(await candidates()).toEqual(
        [
          { id: ids[0], region: 'eu', free: 4, probation: true },
          { id: ids[1], region: 'us', free: 9, probation: true },
        ].sort((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1)),
      );
    });

    it.each<[string, Parameters<typeof aServer>[1], Parameters<typeof aServer>[2]]>([
      ['without room', { capacity: 0 }, {}],
      ['that does not accept', { accepting: false }, {}],
      ['that is silent', { lastSeen: START - 11 }, {}],
      ['for other queues', { queues: ['team'] }, {}],
      ['for no queue', { queues: [] }, {}],
      ['of another master key', {}, { masterKeyId: 'f'.repeat(32) }],
      ['whose certificate expired', {}, { expiresAt: START / 1000 }],
    ])('leaves out a server %s', async (_, presence, certificate) => {
      await aServer(store, presence, certificate);
      expect(await candidates()).toEqual([]);
    });

    it('leaves out the offline, the revoked, and those that rest; near the end of a rest they are a last resort', async () => {
      const [offline, revoked, failed] = [await aServer(store), await aServer(store), await aServer(store)];
      await store.write('spoil', async (tx) => {
        await gameServers.markOffline(tx, [{ id: offline, nodeId: 'node-1', connectedAt: START }]);
        await certificates.revoke(tx, revoked, 'x');
        expect(await gameServers.setFailed(tx, failed, START + 60_005)).toBe(true);
        expect(await gameServers.setFailed(tx, randomUUID(), START + 60_005)).toBe(false);
      });
      expect(await candidates()).toEqual([]);
      clock.advance(4);
      expect(await candidates()).toEqual([]);
      clock.advance(1);
      expect(await candidates()).toMatchObject([{ id: failed, failedLately: true }]);
      clock.advance(59_999);
      expect(await candidates()).toMatchObject([{ id: failed, failedLately: true }]);
      clock.advance(1);
      const [rested] = await candidates();
      expect(rested).toEqual({ id: failed, region: 'eu', free: 4, probation: true });
      // A heartbeat does not make it forget.
      await upsert(presenceOf(failed));
      expect(await byId(failed)).toMatchObject({ failedUntil: START + 60_005 });
    });

    it('has a server on probation until it finished five matches, one counted a minute, and again after each failure', async () => {
      const id = await aServer(store);
      const count = () => store.write('count', (tx) => gameServers.countProven(tx, [id, randomUUID()]));
      const isOnProbation = async () => (await candidates())[0]?.probation === true;
      for (let i = 0; i < 20; i++) await count();
      expect(await byId(id)).toMatchObject({ provenMatches: 1, provenAt: START });
      for (let i = 2; i <= gameServers.PROVEN_MATCHES; i++) {
        expect(await isOnProbation()).toBe(true);
        clock.advance(59_999);
        await count();
        expect(await byId(id)).toMatchObject({ provenMatches: i - 1 });
        clock.advance(1);
        await count();
      }
      expect(await isOnProbation()).toBe(false);
      // Nothing that it says of itself changes that, nor does more of the same.
      await upsert(presenceOf(id, { capacity: 9999 }));
      clock.advance(60_000);
      await count();
      expect(await byId(id)).toMatchObject({ provenMatches: gameServers.PROVEN_MATCHES });
      const until = clock.now() + 10_000;
      await store.write('fail', (tx) => gameServers.setFailed(tx, id, until));
      expect(await byId(id)).toMatchObject({ provenMatches: 0, failedUntil: until });
      // What it finishes while it rests was given to it before.
      await count();
      expect(await byId(id)).toMatchObject({ provenMatches: 0 });
      clock.advance(60_000);
      await count();
      expect(await byId(id)).toMatchObject({ provenMatches: 1 });
      await store.write('none', (tx) => gameServers.countProven(tx, []));
    });

    it('serves a queue that it names', async () => {
      const id = await aServer(store, { queues: ['team', 'duel'] });
      expect((await candidates('team')).map((one) => one.id)).toEqual([id]);
    });
  });

  describe('commands', () => {
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

  describe('logs', () => {
    const lines = (serverId: string, messages: string[]): LogLine[] =>
      messages.map((message) => ({ serverId, level: 'info', at: START, message }));

    it('keep their order and only the newest of each server', async () => {
      const [a, b] = [randomUUID(), randomUUID()];
      await store.write('log', (tx) => serverLogs.appendMany(tx, lines(b, ['kept'])));
      const all = [...lines(a, ['1', '2', '3', '4']), ...lines(b, ['x'])];
      expect(await store.write('log', (tx) => serverLogs.appendMany(tx, all, { keepPerServer: 3 }))).toBe(5);
      const tail = await store.read((tx) => serverLogs.tail(tx, a));
      expect(tail.map((line) => line.message)).toEqual(['4', '3', '2']);
      expect(tail[0]).toMatchObject({ serverId: a, level: 'info', at: START, id: expect.any(Number) });
      const page = await store.read((tx) => serverLogs.tail(tx, a, { limit: 1, before: tail[0]?.id ?? 0 }));
      expect(page.map((line) => line.message)).toEqual(['3']);
      expect((await store.read((tx) => serverLogs.tail(tx, b))).map((line) => line.message)).toEqual([
        'x',
        'kept',
      ]);
      expect(await store.write('log', (tx) => serverLogs.appendMany(tx, []))).toBe(0);
    });

    it('mend what cannot be stored', async () => {
      const a = randomUUID();
      await store.write('log', (tx) =>
        serverLogs.appendMany(tx, lines(a, [`'); DROP\0 \ud800 "`, '\\u0000'])),
      );
      expect((await store.read((tx) => serverLogs.tail(tx, a))).map((line) => line.message)).toEqual([
        '\\u0000',
        `'); DROP\ufffd \ufffd "`,
      ]);
    });
  });

  it('settings', async () => {
    expect(await store.read((tx) => settings.get(tx, 'x'))).toBeNull();
    expect(await store.read(settings.maintenance)).toBe(false);
    expect(await store.read(settings.masterKeyId)).toBeNull();
    await store.write('set', async (tx) => {
      await settings.set(tx, 'x', '1');
      await settings.set(tx, 'x', '2');
      await settings.setMasterKeyId(tx, 'k');
    });
    await store.write('maintenance', (tx) => settings.setMaintenance(tx, true));
    expect(await store.read((tx) => settings.get(tx, 'x'))).toBe('2');
    expect(await store.read(settings.masterKeyId)).toBe('k');
    expect(await store.read(settings.maintenance)).toBe(true);
    await store.write('maintenance', (tx) => settings.setMaintenance(tx, false));
    expect(await store.read(settings.maintenance)).toBe(false);
  });

  it('keep the message of a maintenance for as long as it lasts', async () => {
    const notice = () => store.read(settings.maintenanceNotice);
    const set = (on: boolean, message?: string) =>
      store.write('maintenance', (tx) => settings.setMaintenance(tx, on, message));
    expect(await notice()).toEqual({ on: false, message: null });
    await set(true, 'Back at noon.');
    expect(await notice()).toEqual({ on: true, message: 'Back at noon.' });
    await set(true);
    expect(await notice()).toEqual({ on: true, message: null });
    await set(true, '🎲'.repeat(settings.LONGEST_MESSAGE));
    await expect(set(true, 'x'.repeat(settings.LONGEST_MESSAGE + 1))).rejects.toMatchObject({
      code: 'invalid_value',
    });
    await set(false, 'kept for nobody');
    expect(await notice()).toEqual({ on: false, message: null });
    await set(true);
    expect(await notice()).toEqual({ on: true, message: null });
    await set(false);
  });
});
