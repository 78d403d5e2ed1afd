import { accounts } from '@ranked/store';
import type {
  AuditEntryView,
  AuditVerification,
  CertificateView,
  IssuedCertificate,
  MasterKeyView,
  Overview,
  Page,
  PlayerDetail,
  PlayerRow,
  ProblemBody,
  QueueEntryView,
  RotatedMasterKey,
  ServerRow,
  SettingsView,
} from '../src/api/contract.js';
import { Auditor } from '../src/audit/auditor.js';
import { until } from './support/admin-rig.js';
import { LiveServer } from './support/live-master.js';
import { LiveRig } from './support/live-rig.js';

/* What operators do about certificates, players and settings, against a real master with real game servers and players. */

describe('certificates, players, settings and the log', () => {
  let live: LiveRig;
  let rig: LiveRig['rig'];
  let master: LiveRig['master'];
  let server: LiveRig['server'];

  beforeEach(async () => {
    live = await LiveRig.start();
    ({ rig, master, server } = live);
  });
  afterEach(() => live.stop());

  test('a certificate is issued, its file given out once, and a server comes with it', async () => {
    await until(async () => (await rig.get<Page<ServerRow>>('/api/servers')).body.items[0]);
    // 30 days, less what has passed since: it is about to expire as soon as a second is over.
    const expiring = await until(async () => {
      const { body } = await rig.get<Page<CertificateView>>('/api/certificates?status=expiring');
      return body.items.length > 0 ? body : undefined;
    });
    expect(expiring.items).toMatchObject([
      { uuid: server.id, name: 'eu-1', status: 'expiring', online: true },
    ]);
    const { body: valid } = await rig.get<Page<CertificateView>>('/api/certificates?status=valid');
    expect(valid.items).toEqual([]);
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

  test('a ban ends the connection within moments, with what he is told; unbanned he comes back', async () => {
    const ann = await live.player('ann');
    await ann.client.joinQueue('duel');
    const inAnHour = Date.now() + 3_600_000;
    expect(
      (await live.impactOf(`/api/players/${ann.id}/ban`, { until: inAnHour, reason: 'aimbot' })).sentence,
    ).toContain('ann is banned until');
    await live.done(rig.post(`/api/players/${ann.id}/ban`, { until: inAnHour, reason: 'aimbot' }));
    expect(await until(() => ann.closedBy)).toBe('banned');
    const { body: detail } = await rig.get<PlayerDetail>(`/api/players/${ann.id}`);
    expect(detail).toMatchObject({ ban: { until: inAnHour, reason: 'aimbot' }, place: { kind: 'away' } });
    expect((await rig.get<Page<PlayerRow>>('/api/players?banned=true')).body.items).toHaveLength(1);
    expect((await live.done(rig.post(`/api/players/${ann.id}/unban`, { reason: 'appeal' }))).changed).toBe(
      true,
    );
    expect((await live.done(rig.post(`/api/players/${ann.id}/unban`, { reason: 'appeal' }))).changed).toBe(
      false,
    );
    expect((await rig.get<Page<PlayerRow>>('/api/players?banned=true')).body.items).toHaveLength(0);
    expect((await rig.post(`/api/players/${ann.id}/ban`, { until: 5, reason: 'x' })).status).toBe(400);
  });

  test('rename, end sessions, remove from the queue', async () => {
    const ann = await live.player('ann');
    await ann.client.joinQueue('duel');
    await until(() => ann.statuses.length > 0);
    await live.done(rig.post(`/api/queues/duel/entries/${ann.id}/remove`, { reason: 'stuck' }));
    expect(await until(() => ann.statuses.find(({ ended }) => ended))).toMatchObject({ queue: 'duel' });
    expect((await rig.get<Page<QueueEntryView>>('/api/queues/duel/entries')).body.items).toEqual([]);
    await live.done(
      rig.post(`/api/players/${ann.id}/rename`, { displayName: 'Ann of Arc', reason: 'asked for' }),
    );
    expect((await rig.get<PlayerDetail>(`/api/players/${ann.id}`)).body.displayName).toBe('Ann of Arc');
    expect((await live.impactOf(`/api/players/${ann.id}/end-sessions`, { reason: 'x' })).number).toBe(1);
    await live.done(rig.post(`/api/players/${ann.id}/end-sessions`, { reason: 'stolen' }));
    await until(() => ann.closedBy);
    expect((await rig.get<PlayerDetail>(`/api/players/${ann.id}`)).body.sessions).toEqual([]);
    expect(
      (await rig.post(`/api/players/${ann.id}/rename`, { displayName: 'a\u0000b', reason: 'x' })).status,
    ).toBe(400);
  });

  test('a certificate that is revoked ends its server; a rotated key ends them all, once the number is typed', async () => {
    const second = await LiveServer.start(rig, master, 'eu-2');
    await until(async () => (await rig.get<Page<ServerRow>>('/api/servers?q=eu-2')).body.items[0]);
    expect(await live.impactOf(`/api/certificates/${second.id}/revoke`, { reason: 'x' })).toMatchObject({
      certificates: 1,
    });
    await live.done(rig.post(`/api/certificates/${second.id}/revoke`, { reason: 'machine lost' }));
    expect(await until(() => second.closedBy)).toBe('certificate revoked');
    await until(
      async () =>
        (await rig.get<Page<ServerRow>>('/api/servers?state=revoked')).body.items[0]?.id === second.id,
    );
    expect(
      (await live.done(rig.post(`/api/certificates/${second.id}/revoke`, { reason: 'again' }))).changed,
    ).toBe(false);
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

  test('the address list: not without oneself, and at once', async () => {
    const out = await rig.put<ProblemBody>('/api/settings/addresses', {
      entries: [{ address: 'home', note: '' }],
    });
    expect(out.body).toMatchObject({
      type: '/problems/validation',
      errors: [{ field: 'entries.0.address' }],
    });
    await live.done(
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
    expect(await live.lastRow()).toMatchObject({
      action: 'settings.addresses',
      address: '127.0.0.3',
      result: 'failed',
    });
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

  test('an action that fails of anything leaves a row that says so, and changes nothing', async () => {
    const ann = await live.player('ann');
    const forbid = (name: string, change: string) =>
      rig.admin.store.write('forbid', (tx) =>
        tx.run(`CREATE TRIGGER ${name} BEFORE ${change} BEGIN SELECT RAISE(ABORT, 'inner words'); END`),
      );
    const rename = () =>
      rig.post<ProblemBody>(`/api/players/${ann.id}/rename`, {
        displayName: 'Ann of Arc',
        reason: 'asked for',
      });
    await forbid('no_rename', 'UPDATE OF display_name ON account');
    const { status, text } = await rename();
    expect(status).toBe(500);
    const row = await live.lastRow();
    expect(row).toMatchObject({
      action: 'player.rename',
      target: `player ${ann.id}`,
      result: 'failed',
      detail: { accountId: ann.id, to: 'Ann of Arc', why: expect.stringMatching(/^the database: [a-z_]+$/) },
    });
    expect(text + JSON.stringify(row)).not.toContain('inner words');
    expect((await rig.get<PlayerDetail>(`/api/players/${ann.id}`)).body.displayName).toBe('ann');
    expect((await rig.get<AuditVerification>('/api/audit/verify')).body).toMatchObject({ ok: true });
    // Where the row cannot be written either, the log has it, and the answer is still that of what broke first.
    await forbid('no_row', 'INSERT ON audit_entry');
    expect((await rename()).status).toBe(500);
    expect(await live.lastRow()).toEqual(row);
    expect(rig.lines.filter(({ audit }) => audit === 'unwritten')).toMatchObject([
      { level: 50, entry: { action: 'player.rename', result: 'failed' } },
    ]);
  });

  test('an action that falls over a fault of our own leaves a row that does not repeat its words', async () => {
    const auditor = rig.admin.app.get(Auditor);
    const { serial } = rig.operator;
    const deed = {
      operator: { name: 'operator', serial, certificateExpiresAt: Date.now() + 60_000, address: '127.0.0.1' },
      action: 'player.rename',
      target: 'player nobody',
      detail: { to: 'Ann' },
    };
    const act = auditor.act(deed, () => Promise.reject(new TypeError('inner words')));
    await expect(act).rejects.toThrow('inner words');
    const row = await live.lastRow();
    expect(row).toMatchObject({
      action: 'player.rename',
      result: 'failed',
      detail: { to: 'Ann', why: 'a fault of the dashboard' },
    });
    expect(JSON.stringify(row)).not.toContain('inner words');
  });

  test('an action whose row cannot be written does not happen', async () => {
    const ann = await live.player('ann');
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
