import { once } from 'node:events';
import { PlayerStage, ServerStage } from './client-fixtures.js';

describe.each([
  ['a game server', ServerStage],
  ['a player', PlayerStage],
] as const)('%s that closes while the connection breaks', (_who, Stage) => {
  test.each<[string, (socket: { resetAndDestroy(): unknown; destroy(): unknown }) => void]>([
    ['by a reset', (socket) => void socket.resetAndDestroy()],
    ['by its end without CLOSE', (socket) => void socket.destroy()],
  ])('%s ends for good and does not connect again', async (_how, breaks) => {
    const stage = await new Stage().open();
    stage.master.conduct.answersClose = false;
    const { client, connection } = await stage.connected();
    const closedWith = once(client, 'closed');
    const events: string[] = [];
    client.on('disconnected', () => events.push('disconnected'));
    // The break is on its way, and the client has not heard of it.
    breaks(connection.socket);
    await client.close();
    expect(await closedWith).toEqual([undefined]);
    expect([client.state, events, stage.runtime.timers]).toEqual(['closed', [], 0]);
    await stage.close();
  });
});
