import { EventEmitter, once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { PlayerClient } from '@ranked/protocol/player';
import type { MasterApi } from '../src/master-api.js';
import { SeededRandom } from '../src/seeded-random.js';
import { SimulatedPlayer } from '../src/simulated-player.js';

/** What the player sees of the master, said by the test; it ends each of his requests to leave when the test says so. */
class ClientStandIn extends EventEmitter {
  readonly leaves: (() => void)[] = [];
  connect = () => Promise.resolve();
  joinQueue = () => Promise.resolve();
  leaveQueue = () =>
    new Promise<void>((resolve) => {
      this.leaves.push(resolve);
      this.emit('leaving');
    });
}

const api = { register: () => Promise.resolve(), login: () => Promise.resolve({ player: { id: 'p' } }) };

const game = createServer((socket) => socket.resume());
beforeAll(() => once(game.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => once(game.close(), 'close'));

/** He waits in the queue, has been told to finish, and his wish to leave is on its way. */
async function leavingPlayer() {
  const client = new ClientStandIn();
  const clientOf = () => client as unknown as PlayerClient;
  const random = new SeededRandom(1);
  const player = new SimulatedPlayer(api as unknown as MasterApi, 'ann', 25, 'duel', random, clientOf);
  await player.signIn('password');
  await player.play();
  const leaving = once(client, 'leaving');
  const finished = player.finish();
  await leaving;
  expect([player.state, client.leaves.length]).toEqual(['queued', 1]);
  return { client, player, finished };
}

test('who leaves the queue at the end has finished', async () => {
  const { client, player, finished } = await leavingPlayer();
  client.leaves[0]?.();
  await finished;
  expect(player.state).toBe('idle');
});

test('whose match is made while he leaves, and called off again, leaves once more and has finished', async () => {
  const { client, player, finished } = await leavingPlayer();
  const { port } = game.address() as AddressInfo;
  client.emit('matchFound', { matchId: 'm', host: '127.0.0.1', port, joinToken: 'a'.repeat(64) });
  client.leaves[0]?.();
  await setImmediate();
  expect(player.state).toBe('playing');
  client.emit('matchCancelled', { matchId: 'm', requeued: true });
  expect([player.state, client.leaves.length]).toEqual(['queued', 2]);
  client.leaves[1]?.();
  await finished;
  expect(player.state).toBe('idle');
  expect(player.account).toMatchObject({ found: ['m'], cancelled: ['m'] });
});

test('who plays on waits again when his match is called off', async () => {
  const client = new ClientStandIn();
  const clientOf = () => client as unknown as PlayerClient;
  const random = new SeededRandom(1);
  const player = new SimulatedPlayer(api as unknown as MasterApi, 'ann', 25, 'duel', random, clientOf);
  await player.signIn('password');
  await player.play();
  client.emit('matchCancelled', { matchId: 'm', requeued: true });
  expect([player.state, client.leaves.length]).toEqual(['queued', 0]);
});
