import { randomUUID } from 'node:crypto';
import { peerConnections } from '../src/index.js';
import type { Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS } from './databases.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('newest connections on %s', (dialect) => {
  let store: Store;
  let target: StoreTarget;
  withStore(dialect, (parts) => ({ store, target } = parts));
  beforeEach(() => clear(target));

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
