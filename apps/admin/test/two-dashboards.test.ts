import { pino } from 'pino';
import { accounts, operatorCertificates } from '@ranked/store';
import type { ActionResult, AuditVerification, SettingsView } from '../src/api/contract.js';
import { startAdmin, type RunningAdmin } from '../src/start-admin.js';
import { TokenDigest } from '../src/token/token-digest.js';
import { AdminRig, NOBODY, TOKEN, until } from './support/admin-rig.js';
import { startPostgres, type PostgresCluster } from '../../../tools/jest/postgres-cluster.js';

/* Two dashboards, as two processes would be, on one PostgreSQL and one data directory. */

let postgres: PostgresCluster;
let rig: AdminRig;
let other: RunningAdmin;
let ports: number[];

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.createDatabase('dashboards');
  rig = await AdminRig.start({
    database: { kind: 'postgres', url: postgres.url('dashboards'), poolSize: 4 },
  });
  const token = { digest: new TokenDigest(Buffer.from(TOKEN)), path: null, created: false };
  other = await startAdmin(rig.config, token, pino({ level: 'silent' }));
  ports = [rig.port, other.address.port];
});
afterAll(async () => {
  await other.close();
  await rig.stop();
  await postgres.stop();
});

const everywhere = <T>(ask: (port: number) => Promise<T>): Promise<T[]> => Promise.all(ports.map(ask));

test('operators who act at the same time on both leave one chain, and each deed its row', async () => {
  const create = (id: string) => ({ id, username: id.slice(0, 8), displayName: 'Ann', passwordHash: 'x' });
  await rig.admin.store.write('account', (tx) => accounts.create(tx, create(NOBODY)));
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      rig.post<ActionResult>(
        `/api/players/${NOBODY}/${n % 4 < 2 ? 'ban' : 'unban'}`,
        n % 4 < 2 ? { until: null, reason: `${n}` } : { reason: `${n}` },
        { port: ports[n % 2] ?? 0 },
      ),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(new Set(answers.map(({ body }) => body.auditId)).size).toBe(40);
  const checks = await everywhere((port) => rig.get<AuditVerification>('/api/audit/verify', { port }));
  expect(checks.map(({ body }) => body.fault)).toEqual([null, null]);
  // What the rows say is what the last deed of them made.
  const last = (await rig.audit()).filter(({ action }) => action.startsWith('player.')).at(-1);
  const account = await rig.admin.store.read((tx) => accounts.byId(tx, NOBODY));
  expect(account?.bannedUntil !== null).toBe(last?.action === 'player.ban');
});

test('what one revokes or lists counts for the other, also for a deed on an open connection', async () => {
  const stranger = { localAddress: '127.0.0.2' };
  const entries = [{ address: '127.0.0.0/30', note: 'office' }];
  expect((await rig.put('/api/settings/addresses', { entries })).status).toBe(200);
  await until(async () => {
    const asked = everywhere((port) => rig.get('/api/session', { ...stranger, port }));
    return (await asked.catch(() => [])).length === 2;
  });
  const mallory = await rig.newOperator('mallory');
  const [, there = 0] = ports;
  expect((await rig.get('/api/session', { client: mallory, port: there })).status).toBe(200);
  const revoked = rig.post(`/api/operator-certificates/${mallory.serial}/revoke`, { reason: 'lost' });
  expect((await revoked).status).toBe(200);
  const late = rig.put('/api/settings/maintenance', { on: true }, { client: mallory, port: there });
  await late.then(
    ({ status }) => expect(status).toBe(401),
    () => undefined,
  );
  expect((await rig.get<SettingsView>('/api/settings')).body.maintenance.on).toBe(false);
});

test('two operators who revoke each other at the same moment do not both vanish', async () => {
  const [ann, bob] = [await rig.newOperator('ann'), await rig.newOperator('bob')];
  const [here = 0, there = 0] = ports;
  await rig.get('/api/session', { client: ann, port: here });
  await rig.get('/api/session', { client: bob, port: there });
  await Promise.allSettled([
    rig.post(`/api/operator-certificates/${bob.serial}/revoke`, { reason: 'x' }, { client: ann, port: here }),
    rig.post(
      `/api/operator-certificates/${ann.serial}/revoke`,
      { reason: 'x' },
      { client: bob, port: there },
    ),
  ]);
  const left = await rig.admin.store.read((tx) =>
    operatorCertificates.inForceAmong(tx, [ann.serial, bob.serial]),
  );
  expect(left.size).toBe(1);
});
