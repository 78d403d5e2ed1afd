import { randomUUID } from 'node:crypto';
import { gameServers, matches, matchVoids, metricSamples, operatorCertificates } from '../src/index.js';
import type { NodeSample, Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS, START, type TestClock } from './databases.js';
import {
  aMatch,
  aServer,
  firstTeamWins,
  makeRunning,
  MASTER_KEY_ID,
  presenceOf,
  someAccounts,
} from './fixtures.js';
import { withStore } from './with-store.js';

/** A sample that differs from others in one number. */
const aSample = (tickMs: number): NodeSample => ({
  playersConnected: 1,
  serversConnected: 1,
  tickMs,
  tickLongestMs: tickMs,
  ticks: 1,
  ticksFailed: 0,
  refusals: { rate: 2 },
  heartbeatMs: 5_000,
  waiting: { duel: 3 },
  playing: 2,
  servers: { online: 1, offline: 0, draining: 0 },
  matches: { running: 1 },
  meanWaitMs: null,
});

describe.each(DIALECTS)('rows of the dashboard on %s', (dialect) => {
  let store: Store;
  let target: StoreTarget;
  let clock: TestClock;
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(() => clear(target));

  describe('a server that is drained', () => {
    const candidates = () =>
      store.read((tx) =>
        gameServers.candidates(tx, { queue: 'duel', masterKeyId: MASTER_KEY_ID, seenSince: 0 }),
      );
    const drain = (id: string, on: boolean) =>
      store.write('drain', (tx) => gameServers.setDraining(tx, id, on));

    it('gets no match, also after it has connected anew, until that is ended', async () => {
      const id = await aServer(store);
      const other = await aServer(store);
      expect(await drain(id, true)).toBe(true);
      expect(await drain(id, true)).toBe(false);
      expect((await candidates()).map((one) => one.id)).toEqual([other]);
      await store.write('presence', (tx) =>
        gameServers.upsertPresence(tx, [presenceOf(id, { connectedAt: START + 9 })]),
      );
      expect(await store.read((tx) => gameServers.byId(tx, id))).toMatchObject({ drainingSince: START });
      expect((await candidates()).map((one) => one.id)).toEqual([other]);
      expect(await drain(id, false)).toBe(true);
      expect(await drain(id, false)).toBe(false);
      expect(await candidates()).toHaveLength(2);
    });

    it('has to be known', async () => {
      expect(await drain(randomUUID(), true)).toBe(false);
    });
  });

  describe('operators’ certificates', () => {
    const add = (serial: string, expiresAt = START / 1000 + 60) =>
      store.write('certificate', (tx) =>
        operatorCertificates.insert(tx, { serial, name: 'alice', issuedAt: START / 1000, expiresAt }),
      );
    const inForce = async (...serials: string[]) => [
      ...(await store.read((tx) => operatorCertificates.inForceAmong(tx, serials))),
    ];

    it('are in force until they are revoked or expire; unknown ones never are', async () => {
      await add('aa');
      await add('bb');
      await add('cc', START / 1000);
      expect((await inForce('aa', 'bb', 'cc', 'dd')).sort()).toEqual(['aa', 'bb']);
      expect(await store.write('revoke', (tx) => operatorCertificates.revoke(tx, 'aa', 'lost'))).toBe(true);
      expect(await store.write('revoke', (tx) => operatorCertificates.revoke(tx, 'aa', 'again'))).toBe(false);
      expect(await inForce('aa', 'bb')).toEqual(['bb']);
      clock.advance(60_000);
      expect(await inForce('bb')).toEqual([]);
      expect(await store.read((tx) => operatorCertificates.bySerial(tx, 'aa'))).toMatchObject({
        revokedAt: START,
        revokeReason: 'lost',
      });
      expect(
        (await store.read((tx) => operatorCertificates.list(tx, { after: 'aa', limit: 1 })))[0]?.serial,
      ).toBe('bb');
    });

    it('have a serial once', async () => {
      await add('aa');
      await expect(add('aa')).rejects.toMatchObject({ code: 'unique' });
    });
  });

  describe('samples', () => {
    it('are kept for an hour, one per node and moment', async () => {
      const sample = (nodeId: string, n: number) =>
        store.write('sample', (tx) => metricSamples.append(tx, nodeId, aSample(n)));
      await sample('a', 1);
      await sample('a', 2);
      await sample('b', 3);
      clock.advance(3_600_000);
      await sample('a', 4);
      expect(await store.read((tx) => metricSamples.after(tx, 0))).toEqual([
        { at: START, nodeId: 'a', sample: aSample(1) },
        { at: START, nodeId: 'b', sample: aSample(3) },
        { at: START + 3_600_000, nodeId: 'a', sample: aSample(4) },
      ]);
      expect(await store.read((tx) => metricSamples.lastOf(tx, 'a'))).toBe(START + 3_600_000);
      expect(await store.read((tx) => metricSamples.lastOf(tx, 'b'))).toBe(START);
      expect(await store.read((tx) => metricSamples.lastOf(tx, 'c'))).toBeNull();
      clock.advance(1);
      await sample('a', 5);
      expect(await store.read((tx) => metricSamples.after(tx, START + 3_600_000))).toHaveLength(1);
      expect(await store.read((tx) => metricSamples.after(tx, 0))).toHaveLength(2);
    });

    it('of a clock that ran far ahead go as well', async () => {
      clock.advance(10 * 3_600_000);
      await store.write('sample', (tx) => metricSamples.append(tx, 'a', aSample(0)));
      clock.ms = START;
      await store.write('sample', (tx) => metricSamples.append(tx, 'a', aSample(0)));
      expect(await store.read((tx) => metricSamples.after(tx, 0))).toMatchObject([{ at: START }]);
    });
  });

  describe('voids', () => {
    async function finished(queue = 'duel'): Promise<string> {
      const [ann = '', bob = ''] = await someAccounts(store, 2);
      const match = await aMatch(store, await aServer(store), [[ann], [bob]], queue);
      await makeRunning(store, match);
      const outcome = firstTeamWins(match);
      await store.write('result', (tx) =>
        matches.finish(tx, { matchId: match.id, serverId: match.serverId, ...outcome }),
      );
      return match.id;
    }
    const request = (id: string) => store.write('void', (tx) => matchVoids.request(tx, id, 'cheating'));
    const claim = (since = 0) => store.write('claim', (tx) => matchVoids.claim(tx, since));

    it('are asked for once, of finished matches alone', async () => {
      const id = await finished();
      expect(await request(id)).toBe('requested');
      expect(await request(id)).toBe('already');
      expect(await request(randomUUID())).toBe('not_finished');
      const [ann = '', bob = ''] = await someAccounts(store, 2);
      const live = await aMatch(store, await aServer(store), [[ann], [bob]]);
      expect(await request(live.id)).toBe('not_finished');
    });

    it('are taken up a queue at a time, by one at a time, and by another when he does not come back', async () => {
      const one = await finished();
      const two = await finished('team');
      const three = await finished();
      for (const id of [one, two, three]) {
        await request(id);
        clock.advance(1);
      }
      expect((await claim()).map(({ matchId }) => matchId)).toEqual([one, three]);
      expect((await claim()).map(({ matchId }) => matchId)).toEqual([two]);
      expect(await claim()).toEqual([]);
      clock.advance(1_000);
      expect((await claim(clock.ms)).map(({ matchId }) => matchId)).toEqual([one, three]);
      expect(await store.write('done', (tx) => matchVoids.markDone(tx, [one, three]))).toBe(2);
      expect(await store.write('failed', (tx) => matchVoids.markFailed(tx, [two], 'no such queue'))).toBe(1);
      clock.advance(1_000);
      expect(await claim(clock.ms)).toEqual([]);
      const known = await store.read((tx) => matchVoids.ofMatches(tx, [one, two]));
      expect(known.get(one)).toMatchObject({ doneAt: START + 1_003, error: null });
      expect(known.get(two)).toMatchObject({ doneAt: null, error: 'no such queue' });
      expect(await request(two)).toBe('requested');
      expect(await request(one)).toBe('already');
      expect(await claim()).toMatchObject([{ matchId: two, error: null }]);
    });
  });
});
