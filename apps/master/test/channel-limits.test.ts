import { afterEach, describe, expect, test } from '@jest/globals';
import { ChannelRig } from './support/channel-rig.js';
import type { RawPeer } from './support/raw-peer.js';

let rig: ChannelRig;
afterEach(() => rig.stop());

describe('connections that are not yet authenticated', () => {
  test('are capped per address; another address is served', async () => {
    rig = await ChannelRig.start({ maxUnauthenticatedPerAddress: 3 });
    const credential = rig.serverCredential();
    for (let i = 0; i < 3; i++) await rig.dial(credential, { from: '127.0.0.9' });
    const fourth = await rig.dial(credential, { from: '127.0.0.9' });
    await fourth.closedByMaster();
    expect(rig.s2s.counters.refusedAtTheDoor.of('address')).toBe(1);
    await rig.enter(credential, '127.0.0.10');
  });

  test('are counted for both doors together', async () => {
    rig = await ChannelRig.start({ maxUnauthenticatedPerAddress: 2 });
    await rig.dial(rig.serverCredential());
    await rig.dial(rig.playerCredential());
    const third = await rig.dial(rig.playerCredential());
    await third.closedByMaster();
    expect(rig.rdv.counters.refusedAtTheDoor.of('address')).toBe(1);
  });

  test('give their place back when they enter, fail, leave or run out of time', async () => {
    rig = await ChannelRig.start({ maxUnauthenticatedPerAddress: 1 });
    const credential = rig.playerCredential();
    await rig.enter(credential);
    const failing = await rig.dial(credential);
    failing.send(Buffer.alloc(4));
    await failing.closedByMaster();
    const leaving = await rig.dial(credential);
    leaving.socket.end();
    await leaving.closed;
    await rig.dial(credential);
    await rig.until(() => rig.rdv.counters.accepted === 4);
    rig.pass(5_000);
    await rig.enter(credential);
    expect(rig.rdv.counters.refusedAtTheDoor.total).toBe(0);
  });

  test('of one address are taken at a bounded rate, which pauses restore', async () => {
    rig = await ChannelRig.start({ handshakesPerSecond: 2, handshakeBurst: 3 });
    const credential = rig.playerCredential();
    for (let i = 0; i < 3; i++) await rig.enter(credential);
    const fourth = await rig.dial(credential);
    await fourth.closedByMaster();
    expect(fourth.received).toHaveLength(0);
    expect(rig.rdv.counters.refusedAtTheDoor.of('rate')).toBe(1);
    await rig.enter(credential, '127.0.0.2');
    rig.clock.advance(500);
    await rig.enter(credential);
  });

  test('1,000 half-open from 125 addresses hold 512 places and shut nobody else out', async () => {
    rig = await ChannelRig.start();
    const credential = rig.playerCredential();
    const crowd: RawPeer[] = [];
    for (let i = 0; i < 1_000; i++) {
      crowd.push(await rig.dial(credential, { from: `127.0.1.${1 + (i % 125)}` }));
    }
    await rig.until(() => rig.rdv.counters.accepted === 1_000);
    const { refusedAtTheDoor } = rig.rdv.counters;
    expect(refusedAtTheDoor.total).toBe(1_000 - 512);
    expect(refusedAtTheDoor.of('total') + refusedAtTheDoor.of('evicted')).toBe(1_000 - 512);

    // A newcomer takes a place of an address that holds several.
    await rig.enter(credential, '127.0.0.77');
    expect(refusedAtTheDoor.of('evicted')).toBeGreaterThan(0);

    rig.pass(5_000);
    await Promise.all(crowd.map((peer) => peer.closedByMaster()));
    expect(rig.rdv.counters.handshakesFailed.of('timeout')).toBe(511);
    await rig.enter(rig.playerCredential(), '127.0.1.1');
  });

  test('of a single address can hold no more than its cap against the total', async () => {
    rig = await ChannelRig.start({ maxUnauthenticated: 4, maxUnauthenticatedPerAddress: 3 });
    const credential = rig.playerCredential();
    const hogs: RawPeer[] = [];
    for (let i = 0; i < 3; i++) hogs.push(await rig.dial(credential, { from: '127.0.0.9' }));
    await rig.dial(credential, { from: '127.0.0.10' });
    await rig.dial(credential, { from: '127.0.0.11' });
    await hogs[0]?.closedByMaster();
    expect(rig.rdv.counters.refusedAtTheDoor.of('evicted')).toBe(1);
    // 9 holds two, 10 and 11 one each: a second one of 10 would not make it fairer.
    const refused = await rig.dial(credential, { from: '127.0.0.10' });
    await refused.closedByMaster();
    expect(rig.rdv.counters.refusedAtTheDoor.of('total')).toBe(1);
  });
});

describe('a door that stops', () => {
  test('ends handshakes, takes nobody, and keeps who is in', async () => {
    rig = await ChannelRig.start();
    const credential = rig.playerCredential();
    const inside = await rig.enter(credential);
    const half = await rig.dial(credential);
    await rig.until(() => rig.rdv.counters.accepted === 2);
    const { port } = rig.rdv.address();
    await rig.rdv.stopAccepting();
    await half.closedByMaster();
    expect(half.received).toHaveLength(0);
    await expect(rig.dialPort(port, credential)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(rig.registry.playerCount).toBe(1);
    inside.socket.destroy();
  });
});
