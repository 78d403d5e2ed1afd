import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashSync } from '@node-rs/argon2';
import { accounts, BANNED_FOREVER, penalties, sessions } from '@ranked/store';
import { PasswordPool } from '../src/accounts/password-pool.js';
import { SESSIONS_PER_ROUND, SessionSweeper } from '../src/accounts/session-sweeper.js';
import { ManualClock } from './support/manual-clock.js';
import { expectProblem, fieldsOf } from './support/problems.js';
import { stopTestMasters, TestMaster } from './support/test-master.js';
import { until } from './support/two-nodes.js';

const clock = new ManualClock();
let master: TestMaster;

beforeAll(async () => {
  master = await TestMaster.start(
    { RANKED_RDV_PUBLIC_HOST: 'play.example.org', RANKED_RDV_PUBLIC_PORT: '4711' },
    { clock },
  );
});
afterAll(stopTestMasters);

describe('registration', () => {
  test('makes an account and shows no more than the player may see', async () => {
    const answer = await master.post('/v1/accounts', { username: 'Ada_L-1', password: 'correct horse' });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      displayName: 'Ada_L-1',
      username: 'Ada_L-1',
      createdAt: clock.now(),
    });
  });

  test('stores an argon2id hash with the parameters of OWASP', async () => {
    const { id } = await master.player('hashed', 'correct horse');
    const account = await master.store.read((tx) => accounts.byId(tx, id));
    expect(account?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('a hash with older parameters is replaced at the next login, and only with the right password', async () => {
    const { id } = await master.player('veteran', 'correct horse');
    const older = hashSync('correct horse', { algorithm: 2, memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await master.store.write('older', (tx) => accounts.setPasswordHash(tx, id, older));
    const hashNow = async () => (await master.store.read((tx) => accounts.byId(tx, id)))?.passwordHash;
    const login = (password: string) => master.post('/v1/sessions', { username: 'veteran', password });

    expect((await login('wrong horse')).status).toBe(401);
    expect(await hashNow()).toBe(older);
    expect((await login('correct horse')).status).toBe(201);
    const replaced = await hashNow();
    expect(replaced).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await login('correct horse')).status).toBe(201);
    expect(await hashNow()).toBe(replaced);
  });

  test('a password that was reset during the login stays, though the old hash was to be replaced', async () => {
    const { id } = await master.player('resetter', 'correct horse');
    const older = hashSync('correct horse', { algorithm: 2, memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await master.store.write('older', (tx) => accounts.setPasswordHash(tx, id, older));
    let login: Promise<{ status: number }> | undefined;
    await master.store.writeGrouped('reset', async (tx) => {
      login = master.post('/v1/sessions', { username: 'resetter', password: 'correct horse' });
      // The login has checked the old password and waits behind this write.
      await until(() => master.store.metrics.queueDepth > 0);
      await accounts.setPasswordHash(tx, id, 'reset');
    });
    expect((await login)?.status).toBe(201);
    expect((await master.store.read((tx) => accounts.byId(tx, id)))?.passwordHash).toBe('reset');
  });

  test('refuses a name that is taken, in whatever case', async () => {
    await master.player('bob');
    expectProblem(
      await master.post('/v1/accounts', { username: 'BOB', password: 'long enough' }),
      409,
      'username-taken',
    );
  });

  test('of one name by two at once succeeds for one', async () => {
    const answers = await Promise.all(
      ['race', 'RACE', 'Race'].map((username) =>
        master.post('/v1/accounts', { username, password: 'long enough' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  test.each<[string, unknown, string[]]>([
    ['a short name', { username: 'ab', password: 'long enough' }, ['username']],
    ['a long name', { username: 'a'.repeat(33), password: 'long enough' }, ['username']],
    ['a space in the name', { username: 'a b c', password: 'long enough' }, ['username']],
    ['other letters', { username: 'аdmin', password: 'long enough' }, ['username']],
    ['a newline after the name', { username: 'admin\n', password: 'long enough' }, ['username']],
    ['a short password', { username: 'carol', password: '1234567' }, ['password']],
    ['a long password', { username: 'carol', password: 'x'.repeat(257) }, ['password']],
    ['a password that is no text', { username: 'carol', password: 12345678 }, ['password']],
    ['a name that is a list', { username: ['carol'], password: 'long enough' }, ['username']],
    ['an object for a name', { username: { $ne: '' }, password: 'long enough' }, ['username']],
    ['nothing', {}, ['username', 'password']],
    ['a list', [], ['username', 'password']],
    ['an unknown field', { username: 'carol', password: 'long enough', role: 'admin' }, ['role']],
    ['an id of its own', { username: 'carol', password: 'long enough', id: '0'.repeat(32) }, ['id']],
  ])('refuses %s', async (_name, body, fields) => {
    const answer = await master.post('/v1/accounts', body);
    expectProblem(answer, 400, 'validation');
    expect(fieldsOf(answer)).toEqual(fields);
    expect(answer.text).not.toMatch(/long enough|x{50}/);
  });
});

describe('login', () => {
  test('gives everything that a client needs', async () => {
    const { id, login } = await master.player('dora');
    expect(login).toEqual({
      accessToken: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      ticket: {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        secret: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
        expiresAt: clock.now() + 12 * 3_600_000,
      },
      rdv: { host: 'play.example.org', port: 4711 },
      masterPublicKey: master.running.masterPublicKey,
      player: { id, displayName: 'dora', username: 'dora', createdAt: clock.now() },
    });
    expect(master.running.masterPublicKey).toMatch(/^[0-9a-f]{64}$/);
  });

  test('stores of the token its digest, and of the ticket its SHA-256, sealed', async () => {
    const { login } = await master.player('eve');
    const { id, secret } = login['ticket'] as { id: string; secret: string };
    const found = await master.store.read((tx) => sessions.byTicketId(tx, id));
    expect(found?.ticketKey).toEqual(createHash('sha256').update(Buffer.from(secret, 'base64url')).digest());
    expect(found?.session.accessDigest).toBe(
      createHash('sha256').update(String(login['accessToken'])).digest('hex'),
    );
    const raw = await master.store.read((tx) => tx.rows('SELECT * FROM session WHERE id = $1', [id]));
    const text = JSON.stringify(raw);
    expect(text).toContain(id);
    for (const leak of [
      secret,
      String(login['accessToken']),
      found?.ticketKey.toString('hex'),
      found?.ticketKey.toString('base64'),
    ]) {
      expect(text).not.toContain(leak);
    }
  });

  test('works in any case of the name, and gives each session secrets of its own', async () => {
    const first = (await master.player('Frank', 'long enough')).login;
    const second = (await master.post('/v1/sessions', { username: 'fRANK', password: 'long enough' })).body;
    const secrets = [first, second].flatMap((login) => [
      login['accessToken'],
      ...Object.values(login['ticket'] as object).slice(0, 2),
    ]);
    expect(new Set(secrets).size).toBe(6);
  });

  test('answers a wrong password and an unknown name alike, after the same work', async () => {
    await master.player('grace');
    const { counters } = master.running.app.get(PasswordPool);
    const before = { ...counters };
    const wrong = await master.post('/v1/sessions', { username: 'grace', password: 'not her password' });
    expect(counters).toMatchObject({
      verifies: before.verifies + 1,
      dummyVerifies: before.dummyVerifies,
      hashes: before.hashes,
    });
    const unknown = await master.post('/v1/sessions', {
      username: 'nobody-of-that-name',
      password: 'not her password',
    });
    expect(counters).toMatchObject({
      verifies: before.verifies + 2,
      dummyVerifies: before.dummyVerifies + 1,
      hashes: before.hashes,
    });
    expectProblem(wrong, 401, 'invalid-credentials');
    expectProblem(unknown, 401, 'invalid-credentials');
    expect({ ...unknown.body, requestId: 0 }).toEqual({ ...wrong.body, requestId: 0 });
  });

  test('refuses a banned account with reason and end, but only to who knows the password', async () => {
    const { id, token } = await master.player('henry');
    const until = clock.now() + 86_400_000;
    await master.store.write('test.ban', (tx) => accounts.ban(tx, id, { until, reason: 'wallhack' }));
    expectProblem(
      await master.post('/v1/sessions', { username: 'henry', password: 'not his password' }),
      401,
      'invalid-credentials',
    );
    const answer = await master.post('/v1/sessions', { username: 'henry', password: 'henry-password' });
    expectProblem(answer, 403, 'banned');
    expect(answer.body).toMatchObject({
      reason: 'wallhack',
      bannedUntil: until,
      detail: expect.stringContaining(new Date(until).toISOString()),
    });
    expectProblem(await master.get('/v1/me', { token }), 403, 'banned');
    clock.advance(86_400_000);
    expect(
      (await master.post('/v1/sessions', { username: 'henry', password: 'henry-password' })).status,
    ).toBe(201);
  });

  test('refuses who is banned for ever without a date', async () => {
    const { id } = await master.player('iris');
    await master.store.write('test.ban', (tx) =>
      accounts.ban(tx, id, { until: BANNED_FOREVER, reason: 'again' }),
    );
    const answer = await master.post('/v1/sessions', { username: 'iris', password: 'iris-password' });
    expect(answer.body).toMatchObject({
      type: '/problems/banned',
      detail: 'The account is banned.',
      bannedUntil: null,
    });
  });
});

describe('a session', () => {
  test('says who the caller is', async () => {
    const { id, token, login } = await master.player('jane');
    expect((await master.get('/v1/me', { token })).body).toEqual({
      id,
      username: 'jane',
      displayName: 'jane',
      createdAt: clock.now(),
      sessionExpiresAt: (login['ticket'] as { expiresAt: number }).expiresAt,
      cooldownUntil: null,
    });
  });

  test('says until when the caller may not join a queue', async () => {
    const { id, token } = await master.player('joan');
    const until = clock.now() + 30_000;
    await master.store.write('penalty', (tx) =>
      penalties.raise(tx, [id], () => ({ level: 1, until, changedAt: clock.now() })),
    );
    expect((await master.get('/v1/me', { token })).body).toMatchObject({ cooldownUntil: until });
    clock.advance(30_000);
    expect((await master.get('/v1/me', { token })).body).toMatchObject({ cooldownUntil: null });
  });

  test('ends with logout, its ticket too, and no other session does', async () => {
    const { token, login } = await master.player('kim');
    const other = String(
      (await master.post('/v1/sessions', { username: 'kim', password: 'kim-password' })).body['accessToken'],
    );
    const out = await master.request('DELETE', '/v1/sessions/current', { token });
    expect({ status: out.status, text: out.text }).toEqual({ status: 204, text: '' });
    expectProblem(await master.get('/v1/me', { token }), 401, 'unauthenticated');
    expectProblem(await master.request('DELETE', '/v1/sessions/current', { token }), 401, 'unauthenticated');
    expect((await master.get('/v1/me', { token: other })).status).toBe(200);
    const found = await master.store.read((tx) =>
      sessions.byTicketId(tx, (login['ticket'] as { id: string }).id),
    );
    expect(found?.session.revokedAt).toBe(clock.now());
  });

  test('ends with its time, to the millisecond', async () => {
    const { token } = await master.player('liam');
    clock.advance(12 * 3_600_000 - 1);
    expect((await master.get('/v1/me', { token })).status).toBe(200);
    clock.advance(1);
    expectProblem(await master.get('/v1/me', { token }), 401, 'unauthenticated');
  });

  test('is forgotten by the sweeper once it has ended, and not before', async () => {
    const { token, login } = await master.player('mia');
    const { id } = login['ticket'] as { id: string };
    const row = () => master.store.read((tx) => sessions.byTicketId(tx, id));
    const sweeper = master.running.app.get(SessionSweeper);
    await sweeper.sweep();
    expect((await master.get('/v1/me', { token })).status).toBe(200);
    clock.advance(12 * 3_600_000 + 1);
    expect(await row()).not.toBeNull();
    await sweeper.sweep();
    expect(await row()).toBeNull();
  });

  test('is forgotten with no more than a bounded number of others at a time', async () => {
    const { id } = await master.player('noah');
    await master.store.write('expired', (tx) =>
      tx.run(
        `WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < $2)
         INSERT INTO session (id, account_id, access_digest, ticket_key_sealed, created_at, expires_at)
         SELECT 'expired ' || n, $1, 'expired ' || n, '', 1, 2 FROM n`,
        [id, SESSIONS_PER_ROUND],
      ),
    );
    const left = async (): Promise<number> =>
      (await master.store.read((tx) => tx.rows("SELECT 1 FROM session WHERE id LIKE 'expired %'"))).length;
    const sweeper = master.running.app.get(SessionSweeper);
    expect(await left()).toBe(SESSIONS_PER_ROUND + 1);
    await sweeper.sweep();
    expect(await left()).toBe(1);
    await sweeper.sweep();
    expect(await left()).toBe(0);
  });

  test.each([
    ['no header', undefined, 'Bearer'],
    ['an empty header', '', 'Bearer error="invalid_token"'],
    ['another scheme', 'Basic YTpi', 'Bearer error="invalid_token"'],
    ['a token of nobody', `Bearer ${'A'.repeat(43)}`, 'Bearer error="invalid_token"'],
    ['a short token', 'Bearer abc', 'Bearer error="invalid_token"'],
    ['a very long token', `Bearer ${'A'.repeat(8_000)}`, 'Bearer error="invalid_token"'],
    ['a digest in place of the token', `Bearer ${'0'.repeat(64)}`, 'Bearer error="invalid_token"'],
  ])('is needed: %s', async (_name, authorization, challenge) => {
    const answer = await master.get(
      '/v1/me',
      authorization === undefined ? {} : { headers: { authorization } },
    );
    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toBe(challenge);
  });
});
