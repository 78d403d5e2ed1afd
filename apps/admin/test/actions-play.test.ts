import { ratings } from '@ranked/store';
import type {
  MatchDetail,
  MatchRow,
  Overview,
  Page,
  PlayerRow,
  QueueDetail,
  QueueEntryView,
  ServerDetail,
  ServerRow,
  SettingsView,
} from '../src/api/contract.js';
import { NOBODY, until } from './support/admin-rig.js';
import { LiveRig, follow } from './support/live-rig.js';

/* What operators do about servers, queues and matches, against a real master with real game servers and players. */

describe('servers, queues and matches', () => {
  let live: LiveRig;
  let rig: LiveRig['rig'];
  let server: LiveRig['server'];

  beforeEach(async () => {
    live = await LiveRig.start();
    ({ rig, server } = live);
  });
  afterEach(() => live.stop());

  test('what is connected is seen: overview, servers, queues, players', async () => {
    const ann = await live.player('ann');
    await ann.client.joinQueue('duel');
    const row = await until(async () => (await rig.get<Page<ServerRow>>('/api/servers?q=EU')).body.items[0]);
    expect(row).toMatchObject({
      id: server.id,
      name: 'eu-1',
      state: 'online',
      region: 'test',
      build: '1.2.3',
      load: 0.25,
      capacity: 4,
      trust: { level: 'new', probation: true },
    });
    const { body: detail } = await rig.get<ServerDetail>(`/api/servers/${server.id}`);
    expect(detail).toMatchObject({
      certificate: { uuid: server.id, revokedAt: null },
      liveMatches: [],
      commands: [],
    });
    const overview = await until(async () => {
      const { body } = await rig.get<Overview>('/api/overview');
      return body.players.waiting === 1 && body.servers.online === 1 ? body : undefined;
    });
    expect(overview.queues).toMatchObject([
      { name: 'duel', configured: true, waiting: 1, serversFree: 1 },
      { name: 'team', configured: true, waiting: 0 },
    ]);
    const { body: entries } = await rig.get<Page<QueueEntryView>>('/api/queues/duel/entries');
    expect(entries.items).toMatchObject([
      // The page's own words, or the matchmaker's once it has written some.
      {
        accountId: ann.id,
        displayName: 'ann',
        nearest: null,
        reason: expect.stringMatching(/^1 more player is needed$|^Only 1 player /) as string,
      },
    ]);
    const { body: queue } = await rig.get<QueueDetail>('/api/queues/duel');
    expect(queue.config).toMatchObject({ name: 'duel', teams: 2, size: 1 });
    expect(queue.distribution.waits.counts).toEqual([1]);
    const { body: found } = await rig.get<Page<PlayerRow>>('/api/players?q=AN');
    expect(found.items).toMatchObject([
      { id: ann.id, username: 'ann', ban: null, place: { kind: 'queue', queue: 'duel' } },
    ]);
    const csv = await rig.get('/api/servers?format=csv');
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(csv.text.split('\r\n')[1]).toContain(`${server.id},eu-1,online,test,1.2.3,127.0.0.1:7777`);
    for (const path of ['/api/servers', '/api/players', '/api/matches', '/api/queues'].map(
      (p) => `${p}/${NOBODY}`,
    ))
      expect([path, (await rig.get(path)).status]).toEqual([path, 404]);
  });

  test('kick and force start reach the server and come back acknowledged', async () => {
    const { ann, matchId } = await live.readyMatch();
    const kick = { matchId, accountId: ann.id, reason: 'idle' };
    expect(await live.impactOf(`/api/servers/${server.id}/kick`, kick)).toMatchObject({
      players: 1,
      sentence: expect.stringContaining('ann'),
    });
    const { commandId } = await live.done(rig.post(`/api/servers/${server.id}/kick`, kick));
    await until(() => server.kicked.length > 0);
    expect(server.kicked[0]).toMatchObject({ matchId, reason: 'idle' });
    // The server is told the id that the player has in this match, not his account.
    expect(server.kicked[0]?.playerId).not.toBe(ann.id);
    expect(await live.lastRow()).toMatchObject({
      action: 'server.kick',
      target: `player ann (${ann.id}) on eu-1`,
      detail: { reason: 'idle', commandId },
    });
    await live.done(rig.post(`/api/servers/${server.id}/force-start`, { matchId }));
    await until(() => server.forced.length > 0);
    await until(async () => {
      const { body } = await rig.get<ServerDetail>(`/api/servers/${server.id}`);
      return body.commands.length === 2 && body.commands.every(({ state }) => state === 'acknowledged');
    });
    // The roster goes out once more, with the tokens that players have.
    const before = server.allowed.length;
    await live.done(rig.post(`/api/servers/${server.id}/allow`, { matchId }));
    const again = await until(() => server.allowed[before]);
    expect(again.teams).toEqual(server.allowed[0]?.teams);
  });

  test('what makes no sense is a conflict, a row, and nothing else', async () => {
    const { ann, matchId } = await live.readyMatch();
    const wrong: [string, unknown, number][] = [
      [`/api/servers/${server.id}/kick`, { matchId, accountId: NOBODY, reason: 'x' }, 409],
      [`/api/servers/${server.id}/kick`, { matchId: NOBODY, accountId: ann.id, reason: 'x' }, 404],
      [`/api/servers/${NOBODY}/shutdown`, { graceSeconds: 1, reason: 'x' }, 404],
      [`/api/matches/${matchId}/void`, { reason: 'x' }, 409],
      [`/api/queues/duel/entries/${ann.id}/remove`, { reason: 'x' }, 409],
      [`/api/players/${NOBODY}/ban`, { until: null, reason: 'x' }, 404],
    ];
    for (const [path, body, status] of wrong) {
      const before = (await rig.audit()).length;
      expect([path, (await rig.post(path, body)).status]).toEqual([path, status]);
      expect((await rig.audit()).slice(before)).toMatchObject([
        { result: 'failed', actor: 'first-operator' },
      ]);
    }
    expect(server.kicked).toEqual([]);
  });

  test('a server that is drained keeps its match and gets no other; shut down, it is told so', async () => {
    const { matchId } = await live.readyMatch();
    const impact = await live.impactOf(`/api/servers/${server.id}/drain`, { on: true });
    expect(impact).toMatchObject({ matches: 1, players: 2, number: 1 });
    expect((await live.done(rig.post(`/api/servers/${server.id}/drain`, { on: true }))).changed).toBe(true);
    expect((await live.done(rig.post(`/api/servers/${server.id}/drain`, { on: true }))).changed).toBe(false);
    await server.play(matchId);
    const row = await until(async () => {
      const { body } = await rig.get<Page<ServerRow>>('/api/servers');
      return body.items[0]?.state === 'draining' ? body.items[0] : undefined;
    });
    expect(row.id).toBe(server.id);
    const cleo = await live.player('cleo');
    const dan = await live.player('dan');
    await cleo.client.joinQueue('duel');
    await dan.client.joinQueue('duel');
    const { body } = await rig.get<Page<QueueEntryView>>('/api/queues/duel/entries');
    expect(body.items).toHaveLength(2);
    await live.done(rig.post(`/api/servers/${server.id}/drain`, { on: false }));
    await until(() => cleo.found);
    await live.done(rig.post(`/api/servers/${server.id}/shutdown`, { graceSeconds: 60, reason: 'update' }));
    expect(await until(() => server.shutdowns[0])).toEqual({ reason: 'update', graceMs: 60_000 });
  });

  test('a match that is cancelled before its start gives its players their wait back, and the server drops it', async () => {
    const { ann, bob, matchId } = await live.readyMatch();
    await live.done(rig.post(`/api/servers/${server.id}/drain`, { on: true }));
    expect(await live.impactOf(`/api/matches/${matchId}/cancel`, { reason: 'x' })).toMatchObject({
      players: 2,
      number: 2,
    });
    await live.done(rig.post(`/api/matches/${matchId}/cancel`, { reason: 'wrong map' }));
    await until(() => ann.cancelled.length > 0 && bob.cancelled.length > 0);
    expect(ann.cancelled[0]).toMatchObject({ matchId, requeued: true });
    expect((await until(() => server.cancelled[0])).matchId).toBe(matchId);
    const { body } = await rig.get<Page<MatchRow>>('/api/matches?state=cancelled');
    expect(body.items).toMatchObject([{ id: matchId, endReason: 'wrong map' }]);
    expect((await rig.post(`/api/matches/${matchId}/cancel`, { reason: 'again' })).status).toBe(409);
  });

  test('a finished match that is voided is taken out of the ratings by the master', async () => {
    const { ann, bob, matchId } = await live.readyMatch();
    const { body: running } = await rig.get<MatchDetail>(`/api/matches/${matchId}`);
    const [oddsNow = 0, otherOddsNow = 0] = running.teams.map((team) => team.odds ?? 0);
    expect(oddsNow).toBeGreaterThan(0.4);
    expect(oddsNow).toBeCloseTo(otherOddsNow, 10);
    const ratingsNow = running.teams.flatMap((team) => team.players.map(({ before }) => before));
    await server.play(matchId);
    await until(() => ann.reports.length > 0 && bob.reports.length > 0);
    const rated = await rig.admin.store.read((tx) => ratings.ofAccount(tx, ann.id));
    expect(rated).toMatchObject([{ queue: 'duel', games: 1 }]);
    const { body: before } = await rig.get<MatchDetail>(`/api/matches/${matchId}`);
    expect(before).toMatchObject({ state: 'finished', voided: null, serverName: 'eu-1' });
    expect(before.teams.map(({ rank }) => rank)).toEqual([0, 1]);
    expect(before.teams.flatMap((team) => team.players.map((player) => player.before))).toEqual(ratingsNow);
    const [odds = 0, otherOdds = 0] = before.teams.map((team) => team.odds ?? 0);
    expect(odds).toBeCloseTo(otherOdds, 10);
    const [winner] = before.teams[0]?.players ?? [];
    expect((winner?.after ?? 0) > (winner?.before ?? 0)).toBe(true);
    expect(await live.impactOf(`/api/matches/${matchId}/void`, { reason: 'x' })).toMatchObject({
      players: 2,
      number: 1,
    });
    await live.done(rig.post(`/api/matches/${matchId}/void`, { reason: 'cheating' }));
    const voided = await until(async () => {
      const { body } = await rig.get<MatchDetail>(`/api/matches/${matchId}`);
      return body.voided === 'done' ? body : undefined;
    });
    expect(voided.voidReason).toBe('cheating');
    expect(voided.teams.flatMap((team) => team.players.map(({ after }) => after))).toEqual([null, null]);
    expect(await rig.admin.store.read((tx) => ratings.ofAccount(tx, ann.id))).toEqual([]);
    expect((await live.done(rig.post(`/api/matches/${matchId}/void`, { reason: 'again' }))).changed).toBe(
      false,
    );
    expect((await rig.get<Page<MatchRow>>('/api/matches?state=void')).body.items).toHaveLength(1);
  });

  test('maintenance: nobody is matched until it is over', async () => {
    await live.done(rig.put('/api/settings/maintenance', { on: true, message: 'Back at nine.' }));
    expect((await rig.get<Overview>('/api/overview')).body.maintenance).toMatchObject({
      on: true,
      message: 'Back at nine.',
    });
    expect((await rig.get<Overview>('/api/overview')).body.alarms.map(({ kind }) => kind)).toContain(
      'maintenance',
    );
    expect(
      (await live.done(rig.put('/api/settings/maintenance', { on: true, message: 'Back at nine.' }))).changed,
    ).toBe(false);
    await live.done(rig.put('/api/settings/maintenance', { on: false }));
    expect((await rig.get<SettingsView>('/api/settings')).body.maintenance).toMatchObject({
      on: false,
      message: null,
    });
    const { matchId } = await live.readyMatch();
    expect(matchId).toBeDefined();
  });

  test('what a server logs is searched, and followed as it comes', async () => {
    const events = await follow(
      rig,
      '/api/events?topics=logs,servers,commands,audit,matches&serverId=' + server.id,
    );
    await until(() => events.names.includes('hello'));
    // The stream tells what comes after its first look, so something is logged until it is told of.
    const told = await until(async () => {
      server.client.log('warn', 'Map de_dust2 loaded\nforged line');
      server.client.log('info', 'all is well');
      return events.data.find((text) => text.includes('de_dust2'));
    });
    expect(told).toContain('Map de_dust2 loaded\\\\nforged line');
    const { body } = await rig.get<Page<{ message: string; level: string }>>('/api/logs?q=DUST&level=warn');
    expect(body.items.length).toBeGreaterThan(0);
    expect(body.items.every(({ message }) => message.includes('de_dust2'))).toBe(true);
    expect((await rig.get<Page<unknown>>(`/api/servers/${server.id}/logs?q=%25`)).body.items).toEqual([]);
    await live.done(rig.post(`/api/servers/${server.id}/drain`, { on: true }));
    await until(() => events.names.includes('servers') && events.names.includes('audit'));
    await live.done(rig.post(`/api/servers/${server.id}/shutdown`, { graceSeconds: 0, reason: 'x' }));
    await until(() => events.data.some((text) => text.includes('"state":"acknowledged"')));
    events.close();
  });

  test('a master that reports is seen, and the last hour is columns of one length', async () => {
    const overview = await until(async () => {
      const { body } = await rig.get<Overview>('/api/overview');
      return body.nodes.some(({ serversConnected }) => serversConnected === 1) ? body : undefined;
    });
    expect(overview.nodes).toMatchObject([{ present: true, ticksFailed: 0 }]);
    expect(overview.alarms.map(({ kind }) => kind)).not.toContain('no-master');
    const { body: history } = await rig.get<Record<string, unknown[]>>('/api/overview/history');
    expect([history['at']?.length, history['playersOnline']?.length, history['tickMs']?.length]).toEqual([
      360, 360, 360,
    ]);
    expect(history['serversOnline']).toContain(1);
  });
});
