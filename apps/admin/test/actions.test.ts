import * as https from 'node:https';
import { accounts, ratings } from '@ranked/store';
import type {
  ActionResult,
  AuditEntryView,
  AuditVerification,
  CertificateView,
  Impact,
  IssuedCertificate,
  MasterKeyView,
  MatchDetail,
  MatchRow,
  Overview,
  Page,
  PlayerDetail,
  PlayerRow,
  ProblemBody,
  QueueDetail,
  QueueEntryView,
  RotatedMasterKey,
  ServerDetail,
  ServerRow,
  SettingsView,
} from '../src/api/contract.js';
import { AdminRig, NOBODY, until } from './support/admin-rig.js';
import { LiveMaster, LivePlayer, LiveServer } from './support/live-master.js';

/* Every action of the API against a real master with real game servers and players, over their sockets. */

describe('actions', () => {
  let rig: AdminRig;
  let master: LiveMaster;
  let server: LiveServer;
  const players: LivePlayer[] = [];

  beforeEach(async () => {
    rig = await AdminRig.start();
    master = await LiveMaster.start(rig);
    server = await LiveServer.start(rig, master, 'eu-1');
  });
  afterEach(async () => {
    for (const player of players.splice(0)) await player.client.close();
    await server.client.close();
    await master.stop();
    await rig.stop();
  });

  const player = async (name: string): Promise<LivePlayer> => {
    const made = await LivePlayer.start(master, name);
    players.push(made);
    return made;
  };
  /** Two players in a match that its server knows and that has not begun. */
  const readyMatch = async (): Promise<{ ann: LivePlayer; bob: LivePlayer; matchId: string }> => {
    const ann = await player('ann');
    const bob = await player('bob');
    await ann.client.joinQueue('duel');
    await bob.client.joinQueue('duel');
    const matchId = await until(() =>
      ann.found !== undefined && ann.found === bob.found ? ann.found : undefined,
    );
    return { ann, bob, matchId };
  };
  const lastRow = async () => (await rig.audit()).at(-1);
  const done = async (
    answer: Promise<{ status: number; text: string; body: ActionResult }>,
  ): Promise<ActionResult> => {
    const { status, text, body } = await answer;
    expect([status, status === 200 ? '' : text]).toEqual([200, '']);
    expect((await lastRow())?.id).toBe(body.auditId);
    return body;
  };
  const impactOf = async (path: string, body: unknown, method = 'POST'): Promise<Impact> => {
    const before = (await rig.audit()).length;
    const answer = await rig.call<Impact>(method, `${path}?preview=true`, { body });
    expect(answer.status).toBe(200);
    expect(await rig.audit()).toHaveLength(before);
    return answer.body;
  };

  test('a certificate is issued, its file given out once, and a server comes with it', async () => {
    await until(async () => (await rig.get<Page<ServerRow>>('/api/servers')).body.items[0]);
    const { body: page } = await rig.get<Page<CertificateView>>('/api/certificates?status=valid');
    const { body: expiring } = await rig.get<Page<CertificateView>>('/api/certificates?status=expiring');
    // 30 days and a second less: it is about to expire.
    expect([...page.items, ...expiring.items]).toMatchObject([
      { uuid: server.id, name: 'eu-1', status: 'expiring', online: true },
    ]);
    const issued = await rig.post<IssuedCertificate>('/api/certificates', {
      name: 'us-1',
      days: 90,
      host: 'us-1.example.org',
    });
    expect(issued.status).toBe(201);
    expect(issued.text).not.toContain('secret');
    const { path } = issued.body.download;
    expect((await rig.get(path, { token: null })).status).toBe(401);
    expect(await rig.bytes(path)).toHaveLength(133);
    expect((await rig.get<ProblemBody>(path)).status).toBe(404);
    const rows = (await rig.audit()).filter(({ action }) => action.startsWith('certificate.'));
    expect(rows.slice(-2)).toMatchObject([
      {
        action: 'certificate.issue',
        target: 'certificate of us-1',
        actor: 'first-operator',
        detail: { host: 'us-1.example.org', days: 90 },
      },
      { action: 'certificate.download', detail: { uuid: issued.body.certificate.uuid } },
    ]);
    for (const body of [
      { name: '../x', days: 1 },
      { name: 'x', days: 0 },
      { name: 'x', days: 1, host: 'a b' },
      { name: 'x\u202e', days: 1 },
    ])
      expect((await rig.post('/api/certificates', body)).status).toBe(400);
  });

  test('what is connected is seen: overview, servers, queues, players', async () => {
    const ann = await player('ann');
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
      { accountId: ann.id, displayName: 'ann', nearest: null, reason: '1 more player is needed' },
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
    const { ann, matchId } = await readyMatch();
    const kick = { matchId, accountId: ann.id, reason: 'idle' };
    expect(await impactOf(`/api/servers/${server.id}/kick`, kick)).toMatchObject({
      players: 1,
      sentence: expect.stringContaining('ann'),
    });
    const { commandId } = await done(rig.post(`/api/servers/${server.id}/kick`, kick));
    await until(() => server.kicked.length > 0);
    expect(server.kicked[0]).toMatchObject({ matchId, reason: 'idle' });
    // The server is told the id that the player has in this match, not his account.
    expect(server.kicked[0]?.playerId).not.toBe(ann.id);
    expect(await lastRow()).toMatchObject({
      action: 'server.kick',
      target: `player ann (${ann.id}) on eu-1`,
      detail: { reason: 'idle', commandId },
    });
    await done(rig.post(`/api/servers/${server.id}/force-start`, { matchId }));
    await until(() => server.forced.length > 0);
    await until(async () => {
      const { body } = await rig.get<ServerDetail>(`/api/servers/${server.id}`);
      return body.commands.length === 2 && body.commands.every(({ state }) => state === 'acknowledged');
    });
    // The roster goes out once more, with the tokens that players have.
    const before = server.allowed.length;
    await done(rig.post(`/api/servers/${server.id}/allow`, { matchId }));
    const again = await until(() => server.allowed[before]);
    expect(again.teams).toEqual(server.allowed[0]?.teams);
  });

  test('what makes no sense is a conflict, a row, and nothing else', async () => {
    const { ann, matchId } = await readyMatch();
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
    const { matchId } = await readyMatch();
    const impact = await impactOf(`/api/servers/${server.id}/drain`, { on: true });
    expect(impact).toMatchObject({ matches: 1, players: 2, number: 1 });
    expect((await done(rig.post(`/api/servers/${server.id}/drain`, { on: true }))).changed).toBe(true);
    expect((await done(rig.post(`/api/servers/${server.id}/drain`, { on: true }))).changed).toBe(false);
    await server.play(matchId);
    const row = await until(async () => {
      const { body } = await rig.get<Page<ServerRow>>('/api/servers');
      return body.items[0]?.state === 'draining' ? body.items[0] : undefined;
    });
    expect(row.id).toBe(server.id);
    const cleo = await player('cleo');
    const dan = await player('dan');
    await cleo.client.joinQueue('duel');
    await dan.client.joinQueue('duel');
    const { body } = await rig.get<Page<QueueEntryView>>('/api/queues/duel/entries');
    expect(body.items).toHaveLength(2);
    await done(rig.post(`/api/servers/${server.id}/drain`, { on: false }));
    await until(() => cleo.found);
    await done(rig.post(`/api/servers/${server.id}/shutdown`, { graceSeconds: 60, reason: 'update' }));
    expect(await until(() => server.shutdowns[0])).toEqual({ reason: 'update', graceMs: 60_000 });
  });

  test('a ban ends the connection within moments, with what he is told; unbanned he comes back', async () => {
    const ann = await player('ann');
    await ann.client.joinQueue('duel');
    const inAnHour = Date.now() + 3_600_000;
    expect(
      (await impactOf(`/api/players/${ann.id}/ban`, { until: inAnHour, reason: 'aimbot' })).sentence,
    ).toContain('ann is banned until');
    await done(rig.post(`/api/players/${ann.id}/ban`, { until: inAnHour, reason: 'aimbot' }));
    expect(await until(() => ann.closedBy)).toBe('banned');
    const { body: detail } = await rig.get<PlayerDetail>(`/api/players/${ann.id}`);
    expect(detail).toMatchObject({ ban: { until: inAnHour, reason: 'aimbot' }, place: { kind: 'away' } });
    expect((await rig.get<Page<PlayerRow>>('/api/players?banned=true')).body.items).toHaveLength(1);
    expect((await done(rig.post(`/api/players/${ann.id}/unban`, { reason: 'appeal' }))).changed).toBe(true);
    expect((await done(rig.post(`/api/players/${ann.id}/unban`, { reason: 'appeal' }))).changed).toBe(false);
    expect((await rig.get<Page<PlayerRow>>('/api/players?banned=true')).body.items).toHaveLength(0);
    expect((await rig.post(`/api/players/${ann.id}/ban`, { until: 5, reason: 'x' })).status).toBe(400);
  });

  test('rename, end sessions, remove from the queue', async () => {
    const ann = await player('ann');
    await ann.client.joinQueue('duel');
    await done(rig.post(`/api/queues/duel/entries/${ann.id}/remove`, { reason: 'stuck' }));
    expect((await rig.get<Page<QueueEntryView>>('/api/queues/duel/entries')).body.items).toEqual([]);
    await done(rig.post(`/api/players/${ann.id}/rename`, { displayName: 'Ann of Arc', reason: 'asked for' }));
    expect((await rig.get<PlayerDetail>(`/api/players/${ann.id}`)).body.displayName).toBe('Ann of Arc');
    expect((await impactOf(`/api/players/${ann.id}/end-sessions`, { reason: 'x' })).number).toBe(1);
    await done(rig.post(`/api/players/${ann.id}/end-sessions`, { reason: 'stolen' }));
    await until(() => ann.closedBy);
    expect((await rig.get<PlayerDetail>(`/api/players/${ann.id}`)).body.sessions).toEqual([]);
    expect(
      (await rig.post(`/api/players/${ann.id}/rename`, { displayName: 'a\u0000b', reason: 'x' })).status,
    ).toBe(400);
  });

  test('a match that is cancelled before its start gives its players their wait back, and the server drops it', async () => {
    const { ann, bob, matchId } = await readyMatch();
    await done(rig.post(`/api/servers/${server.id}/drain`, { on: true }));
    expect(await impactOf(`/api/matches/${matchId}/cancel`, { reason: 'x' })).toMatchObject({
      players: 2,
      number: 2,
    });
    await done(rig.post(`/api/matches/${matchId}/cancel`, { reason: 'wrong map' }));
    await until(() => ann.cancelled.length > 0 && bob.cancelled.length > 0);
    expect(ann.cancelled[0]).toMatchObject({ matchId, requeued: true });
    expect((await until(() => server.cancelled[0])).matchId).toBe(matchId);
    const { body } = await rig.get<Page<MatchRow>>('/api/matches?state=cancelled');
    expect(body.items).toMatchObject([{ id: matchId, endReason: 'wrong map' }]);
    expect((await rig.post(`/api/matches/${matchId}/cancel`, { reason: 'again' })).status).toBe(409);
  });

  test('a finished match that is voided is taken out of the ratings by the master', async () => {
    const { ann, bob, matchId } = await readyMatch();
    await server.play(matchId);
    await until(() => ann.reports.length > 0 && bob.reports.length > 0);
    const rated = await rig.admin.store.read((tx) => ratings.ofAccount(tx, ann.id));
    expect(rated).toMatchObject([{ queue: 'duel', games: 1 }]);
    const { body: before } = await rig.get<MatchDetail>(`/api/matches/${matchId}`);
    expect(before).toMatchObject({ state: 'finished', voided: null, serverName: 'eu-1' });
    expect(before.teams.map(({ rank }) => rank)).toEqual([0, 1]);
    const [odds = 0, otherOdds = 0] = before.teams.map((team) => team.odds ?? 0);
    expect(odds).toBeCloseTo(otherOdds, 10);
    const [winner] = before.teams[0]?.players ?? [];
    expect((winner?.after ?? 0) > (winner?.before ?? 0)).toBe(true);
    expect(await impactOf(`/api/matches/${matchId}/void`, { reason: 'x' })).toMatchObject({
      players: 2,
      number: 1,
    });
    await done(rig.post(`/api/matches/${matchId}/void`, { reason: 'cheating' }));
    const voided = await until(async () => {
      const { body } = await rig.get<MatchDetail>(`/api/matches/${matchId}`);
      return body.voided === 'done' ? body : undefined;
    });
    expect(voided.voidReason).toBe('cheating');
    expect(voided.teams.flatMap((team) => team.players.map(({ after }) => after))).toEqual([null, null]);
    expect(await rig.admin.store.read((tx) => ratings.ofAccount(tx, ann.id))).toEqual([]);
    expect((await done(rig.post(`/api/matches/${matchId}/void`, { reason: 'again' }))).changed).toBe(false);
    expect((await rig.get<Page<MatchRow>>('/api/matches?state=void')).body.items).toHaveLength(1);
  });

  test('a certificate that is revoked ends its server; a rotated key ends them all, once the number is typed', async () => {
    const second = await LiveServer.start(rig, master, 'eu-2');
    await until(async () => (await rig.get<Page<ServerRow>>('/api/servers?q=eu-2')).body.items[0]);
    expect(await impactOf(`/api/certificates/${second.id}/revoke`, { reason: 'x' })).toMatchObject({
      certificates: 1,
    });
    await done(rig.post(`/api/certificates/${second.id}/revoke`, { reason: 'machine lost' }));
    expect(await until(() => second.closedBy)).toBe('certificate revoked');
    await until(
      async () =>
        (await rig.get<Page<ServerRow>>('/api/servers?state=revoked')).body.items[0]?.id === second.id,
    );
    expect((await done(rig.post(`/api/certificates/${second.id}/revoke`, { reason: 'again' }))).changed).toBe(
      false,
    );
    const { body: key } = await rig.get<MasterKeyView>('/api/master-key');
    expect(key).toMatchObject({ dying: 1, available: true });
    const wrong = await rig.post<ProblemBody>('/api/master-key/rotate', { confirm: 2, reason: 'drill' });
    expect([wrong.status, wrong.body.type, wrong.body.impact?.number]).toEqual([
      409,
      '/problems/confirmation',
      1,
    ]);
    expect((await rig.get<MasterKeyView>('/api/master-key')).body.keyId).toBe(key.keyId);
    const { status, body: rotated } = await rig.post<RotatedMasterKey>('/api/master-key/rotate', {
      confirm: 1,
      reason: 'drill',
    });
    expect([status, rotated.publicKey.length]).toEqual([200, 64]);
    expect(await until(() => server.closedBy)).toContain('not signed');
    expect((await rig.audit()).slice(-3)).toMatchObject([
      { action: 'master-key.rotate', result: 'failed' },
      { action: 'master-key.rotate', result: 'done', detail: { stage: 'begun', confirm: 1 } },
      { action: 'master-key.rotate', result: 'done', detail: { stage: 'done', keyId: rotated.keyId } },
    ]);
    // The master has the new key: a server with a new certificate is taken.
    const third = await LiveServer.start(rig, master, 'eu-3');
    await third.client.close();
  });

  test('maintenance: nobody is matched until it is over', async () => {
    await done(rig.put('/api/settings/maintenance', { on: true, message: 'Back at nine.' }));
    expect((await rig.get<Overview>('/api/overview')).body.maintenance).toMatchObject({
      on: true,
      message: 'Back at nine.',
    });
    expect((await rig.get<Overview>('/api/overview')).body.alarms.map(({ kind }) => kind)).toContain(
      'maintenance',
    );
    expect(
      (await done(rig.put('/api/settings/maintenance', { on: true, message: 'Back at nine.' }))).changed,
    ).toBe(false);
    await done(rig.put('/api/settings/maintenance', { on: false }));
    expect((await rig.get<SettingsView>('/api/settings')).body.maintenance).toMatchObject({
      on: false,
      message: null,
    });
    const { matchId } = await readyMatch();
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
    await done(rig.post(`/api/servers/${server.id}/drain`, { on: true }));
    await until(() => events.names.includes('servers') && events.names.includes('audit'));
    await done(rig.post(`/api/servers/${server.id}/shutdown`, { graceSeconds: 0, reason: 'x' }));
    await until(() => events.data.some((text) => text.includes('"state":"acknowledged"')));
    events.close();
  });

  test('a master that reports is seen, and the last hour is columns of one length', async () => {
    const overview = await until(async () => {
      const { body } = await rig.get<Overview>('/api/overview');
      return body.nodes.length > 0 ? body : undefined;
    });
    expect(overview.nodes).toMatchObject([{ present: true, serversConnected: 1, ticksFailed: 0 }]);
    expect(overview.alarms.map(({ kind }) => kind)).not.toContain('no-master');
    const { body: history } = await rig.get<Record<string, unknown[]>>('/api/overview/history');
    expect([history['at']?.length, history['playersOnline']?.length, history['tickMs']?.length]).toEqual([
      360, 360, 360,
    ]);
    expect(history['serversOnline']).toContain(1);
  });

  test('the address list: not without oneself, and at once', async () => {
    const out = await rig.put<ProblemBody>('/api/settings/addresses', {
      entries: [{ address: 'home', note: '' }],
    });
    expect(out.body).toMatchObject({
      type: '/problems/validation',
      errors: [{ field: 'entries.0.address' }],
    });
    await done(
      rig.put('/api/settings/addresses', { entries: [{ address: '127.0.0.0/30', note: 'office' }] }),
    );
    await until(
      async () =>
        (await rig.get('/api/session', { localAddress: '127.0.0.3' }).catch(() => undefined))?.status === 200,
    );
    const { body } = await rig.get<SettingsView>('/api/settings');
    expect(body.addresses).toMatchObject({
      fixed: ['127.0.0.1'],
      entries: [{ address: '127.0.0.0/30', note: 'office' }],
      own: '127.0.0.1',
    });
    // From an address that is only on the list's second part: it would be its own way out.
    const away = { localAddress: '127.0.0.3' };
    expect((await rig.put<ProblemBody>('/api/settings/addresses', { entries: [] }, away)).body.type).toBe(
      '/problems/would-lock-out',
    );
    expect((await rig.put('/api/settings/addresses', { entries: [], force: true }, away)).status).toBe(200);
    await until(async () => (await rig.get('/api/session', away).catch(() => 'refused')) === 'refused');
    expect((await rig.get('/api/session')).status).toBe(200);
  });

  test('the log of all this is whole; a row that somebody changed is named, and the overview says so', async () => {
    const { body } = await rig.get<AuditVerification>('/api/audit/verify');
    expect(body).toMatchObject({ ok: true, fault: null });
    const { body: page } = await rig.get<Page<AuditEntryView>>('/api/audit?action=certificate&limit=1');
    expect(page.items).toMatchObject([{ action: 'certificate.download' }]);
    const { body: next } = await rig.get<Page<AuditEntryView>>(
      `/api/audit?action=certificate&limit=1&cursor=${page.next}`,
    );
    expect(next).toMatchObject({ items: [{ action: 'certificate.issue' }], next: null });
    const id = next.items[0]?.id ?? 0;
    await rig.admin.store.write('tamper', (tx) =>
      tx.run(`UPDATE audit_entry SET actor = 'mallory' WHERE id = $1`, [id]),
    );
    expect((await rig.get<AuditVerification>('/api/audit/verify')).body).toMatchObject({
      ok: false,
      fault: { id, kind: 'changed' },
    });
    expect((await rig.get<Overview>('/api/overview')).body.alarms[0]).toMatchObject({
      severity: 'critical',
      kind: 'audit-broken',
    });
  });

  test('an action whose row cannot be written does not happen', async () => {
    const ann = await player('ann');
    await rig.admin.store.write('tamper', (tx) => tx.run(`DELETE FROM setting WHERE key = 'audit_head'`));
    const { status, body } = await rig.post<ProblemBody>(`/api/players/${ann.id}/ban`, {
      until: null,
      reason: 'x',
    });
    expect([status, body.type]).toEqual([503, '/problems/audit-failed']);
    expect(body.detail).toContain('certtool audit reseal');
    expect((await rig.admin.store.read((tx) => accounts.byId(tx, ann.id)))?.bannedUntil).toBeNull();
  });
});

/** Reads an event stream, as a page does with `fetch`. */
async function follow(
  rig: AdminRig,
  path: string,
): Promise<{ names: string[]; data: string[]; close: () => void }> {
  const names: string[] = [];
  const data: string[] = [];
  return new Promise((resolve, reject) => {
    const request = https.get(rig.requestOptions('GET', path), (response) => {
      if (response.statusCode !== 200) reject(new Error(String(response.statusCode)));
      let text = '';
      response.setEncoding('utf8');
      response.on('error', () => undefined);
      response.on('data', (chunk: string) => {
        text += chunk;
        const frames = text.split('\n\n');
        text = frames.pop() ?? '';
        for (const frame of frames) {
          names.push(/^event: (.*)$/m.exec(frame)?.[1] ?? '');
          data.push(/^data: (.*)$/m.exec(frame)?.[1] ?? '');
        }
      });
      resolve({ names, data, close: () => request.destroy() });
    });
    request.on('error', reject);
  });
}
