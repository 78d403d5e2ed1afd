import { randomUUID } from 'node:crypto';
import { certificates, gameServers } from '../src/index.js';
import type { Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS, START, type TestClock } from './databases.js';
import { aCertificate, aServer, MASTER_KEY_ID, presenceOf } from './fixtures.js';
import { withStore } from './with-store.js';

const UNTRIED = { failedUntil: null, provenMatches: 0, provenAt: null };

describe.each(DIALECTS)('servers on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let target: StoreTarget;
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(() => clear(target));

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
});
