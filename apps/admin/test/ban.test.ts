import type { ServerDetail } from '../src/api/contract.js';
import { LiveRig } from './support/live-rig.js';
import { until } from './support/admin-rig.js';

describe('a ban of a player', () => {
  let live: LiveRig;
  beforeEach(async () => {
    live = await LiveRig.start();
  });
  afterEach(() => live.stop());

  const ban = { until: null, reason: 'aimbot' };

  test('whose match has not begun calls it off: his token opens nothing, and the other waits again', async () => {
    const { rig, server } = live;
    const { ann, bob, matchId } = await live.readyMatch();
    const { sentence, players } = await live.impactOf(`/api/players/${ann.id}/ban`, ban);
    expect([sentence.includes('called off'), players]).toEqual([true, 2]);
    await live.done(rig.post(`/api/players/${ann.id}/ban`, ban));
    expect(await until(() => bob.cancelled[0])).toEqual({
      matchId,
      reason: 'a player was banned',
      requeued: true,
    });
    expect(await until(() => server.cancelled[0])).toMatchObject({ matchId });
    expect(await until(() => ann.closedBy)).toBe('banned');
    expect(await live.lastRow()).toMatchObject({
      action: 'player.ban',
      detail: { matchId, match: 'called off', reason: 'aimbot' },
    });
  });

  test('whose match runs has its server kick him, and says neither server nor players why', async () => {
    const { rig, server } = live;
    const { ann, bob, matchId } = await live.readyMatch();
    await server.client.matchStarted(matchId);
    const { sentence } = await live.impactOf(`/api/players/${ann.id}/ban`, ban);
    expect(sentence).toContain('kick the player');
    await live.done(rig.post(`/api/players/${ann.id}/ban`, ban));
    const roster = server.allowed[0]?.teams.flat().map(({ id }) => id) ?? [];
    const kicked = await until(() => server.kicked[0]);
    expect(kicked).toMatchObject({ matchId, reason: 'banned' });
    expect(roster).toContain(kicked.playerId);
    await until(async () => {
      const { body } = await rig.get<ServerDetail>(`/api/servers/${server.id}`);
      return body.commands[0]?.state === 'acknowledged';
    });
    expect(bob.cancelled).toEqual([]);
  });
});
