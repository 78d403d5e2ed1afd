import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { settings } from '@ranked/store';
import { TicketAuthenticator } from '../src/channel/ticket-authenticator.js';
import type { FakePlayer } from './support/fake-player.js';
import type { GameRig } from './support/game-rig.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

const close = (rig: GameRig, message?: string): Promise<void> =>
  rig.store.write('maintenance', (tx) => settings.setMaintenance(tx, true, message));
const open = (rig: GameRig): Promise<void> =>
  rig.store.write('maintenance', (tx) => settings.setMaintenance(tx, false));

/** Whether a new handshake of this player would be refused with `maintenance`. */
async function isShutOut(rig: GameRig, player: FakePlayer): Promise<boolean | undefined> {
  const authenticator = new TicketAuthenticator(rig.store, rig.clock);
  return (await authenticator.find(player.ticketId))?.maintenance;
}

describe('during maintenance', () => {
  test('who is connected is told once, with the message, who comes later too, and all when it is over', async () => {
    const rig = await startRig();
    const [ann, bob] = await rig.pair();
    await rig.tick();
    expect(ann.serviceNotices).toEqual([]);
    await close(rig, 'Back at noon.');
    await rig.tick();
    await rig.tick();
    const notice = { maintenance: true, message: 'Back at noon.' };
    for (const player of [ann, bob]) expect(player.serviceNotices).toEqual([notice]);
    const [cy] = await rig.connectedPlayers(1);
    expect(cy?.serviceNotices).toEqual([notice]);
    await close(rig, 'Back at one.');
    await rig.tick();
    await open(rig);
    await rig.tick();
    expect(ann.serviceNotices.slice(1)).toEqual([
      { maintenance: true, message: 'Back at one.' },
      { maintenance: false },
    ]);
    await rig.restart();
    ann.connect();
    await rig.tick();
    expect(ann.serviceNotices).toHaveLength(3);
  });

  test('a join is refused with the operator’s words, or with ours if there are none', async () => {
    const rig = await startRig();
    const [ann] = await rig.pair();
    await close(rig, 'Back at noon.');
    await expect(ann.join()).rejects.toMatchObject({ code: 'maintenance', message: 'Back at noon.' });
    await close(rig);
    await expect(ann.join()).rejects.toMatchObject({
      code: 'maintenance',
      message: 'the service is closed for maintenance',
    });
    await open(rig);
    await ann.join();
  });

  test('who waits keeps his place and is not matched; nobody new is', async () => {
    const rig = await startRig();
    await rig.server();
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    const joinedAt = (await rig.entry(ann))?.joinedAt;
    await close(rig);
    await rig.pass(120_000);
    for (const player of [ann, bob]) expect(player.found).toEqual([]);
    expect(await rig.entry(ann)).toMatchObject({ matchId: null, joinedAt });
    await open(rig);
    await rig.tick();
    for (const player of [ann, bob]) expect(player.found).toHaveLength(1);
  });

  test('matches that were sent to servers are started, played and rated', async () => {
    const rig = await startRig();
    await rig.server();
    const ready = await rig.readyMatch();
    const running = await rig.runningMatch();
    await close(rig);
    await rig.tick();
    await ready.server.start(ready.match.id);
    for (const { server, match, players } of [ready, running]) {
      await server.result(match.id);
      for (const player of players) expect(player.reports).toMatchObject([{ matchId: match.id }]);
    }
  });

  test('who has a match gets in again and is routed back to it; everybody else is shut out', async () => {
    const rig = await startRig();
    await rig.server();
    const { players, match, server } = await rig.runningMatch();
    const [waiting, idle] = await rig.pair();
    await waiting.join();
    await close(rig);
    const shutOut = async () => [
      await isShutOut(rig, players[0]),
      await isShutOut(rig, waiting),
      await isShutOut(rig, idle),
    ];
    expect(await shutOut()).toEqual([false, true, true]);
    players[0].disconnect();
    players[0].connect();
    await rig.idle();
    expect(players[0].found.at(-1)).toMatchObject({ matchId: match.id });
    await server.result(match.id);
    expect(await shutOut()).toEqual([true, true, true]);
    await open(rig);
    expect(await shutOut()).toEqual([false, false, false]);
  });
});
