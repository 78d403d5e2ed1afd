import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MsgType, ticketAuthKey } from '@ranked/protocol';
import { within } from './support/deadline.js';
import { GameHost } from './support/game-host.js';
import { Moments } from './support/moments.js';
import type { PlayerApi } from './support/player-api.js';
import { RankedPlayer } from './support/ranked-player.js';
import { byCertificate, byTicket, RawChannel, RawSocket } from './support/raw-channel.js';
import { secretsIn } from './support/secret-forms.js';
import { SeededRandom } from './support/seeded-random.js';
import { nextReport } from './support/siege.js';
import { World } from './support/world.js';

const secrets = new Map<string, Uint8Array>();
const text = (value: string): Buffer => Buffer.from(value);
const token = (value: string): Buffer => Buffer.from(value, 'base64url');

let world: World;
let api: PlayerApi;
let process_: { cmdline: Buffer; environ: Buffer };

/** A whole evening: certificates, logins good and bad, matches, attacks on both channels, a revocation, a logout; then SIGKILL. */
beforeAll(async () => {
  world = await World.open({
    settings: { RANKED_TICK_MS: '50', RANKED_HEARTBEAT_MS: '500', RANKED_LOG_LEVEL: 'trace' },
  });
  secrets.set('master seed', world.masterKey.seed).set('database key', world.databaseKey);
  const issued = await world.issueWithCerttool('arena');
  const stolen = await world.issueWithCerttool('stolen');
  secrets.set('certificate secret', issued.certificate.secret);
  secrets.set('secret of the stolen certificate', stolen.certificate.secret);
  await world.start();

  const random = new SeededRandom(3);
  const moments = new Moments();
  const host = new GameHost({ world, issued, port: 4001, capacity: 4, random, moments });
  await host.client.connect();
  host.client.log('warn', 'a line of the game server');
  ({ api } = world);
  const players = ['anna', 'bert', 'carl'].map(
    (name) => new RankedPlayer({ world, name, queue: 'duel', random, moments, doorAt: () => host }),
  );
  for (const player of players) {
    await player.register();
    await player.signIn();
    const { accessToken, ticket } = player.login;
    secrets.set(`password of ${player.name}`, text(player.password));
    // A token is both the bytes and the text that stands for them.
    secrets.set(`access token of ${player.name}`, token(accessToken));
    secrets.set(`access token of ${player.name} as text`, text(accessToken));
    secrets.set(`ticket of ${player.name}`, token(ticket.secret));
    secrets.set(`ticket key of ${player.name}`, ticketAuthKey(token(ticket.secret)));
    player.on('found', ({ matchId, joinToken }) => {
      secrets.set(`join token of ${player.name} for ${matchId}`, token(joinToken));
    });
  }
  const [anna, bert, carl] = players as [RankedPlayer, RankedPlayer, RankedPlayer];
  for (let round = 0; round < 2; round += 1) {
    const reports = [anna, bert].map((player) => nextReport(player));
    for (const player of [anna, bert]) player.play();
    await Promise.all(reports);
  }

  // Every way to ask that names a secret and is answered.
  const { accessToken } = anna.login;
  const body = { username: 'anna', password: anna.password };
  await api.call('GET', '/v1/me', { token: accessToken });
  await api.call('GET', '/v1/me', { token: `${accessToken}x` });
  await api.call('POST', '/v1/accounts', { body });
  await api.call('POST', '/v1/accounts', { body: { ...body, username: 'n', nickname: anna.password } });
  await api.call('POST', '/v1/sessions', { body: { ...body, username: 'nobody' } });
  await api.call('POST', '/v1/sessions', { body: { ...body, admin: true } });
  await api.call('POST', '/v1/sessions', {
    body: { username: [anna.password], password: { anna: anna.password } },
  });
  await api.call('POST', `/v1/sessions`, {
    body: { ...body, password: `${anna.password} ${'x'.repeat(70_000)}` },
  });
  await api.call('DELETE', '/v1/nothing', { token: accessToken });
  await malformed(`{"username":"anna","password":"${anna.password}"`);
  await malformed(`"${anna.password}`);
  const id = anna.login.player.id;
  for (const path of [
    `/v1/players/${id}`,
    `/v1/players/${id}/matches`,
    '/v1/queues/duel/leaderboard',
    '/docs-json',
    '/readyz',
  ]) {
    await api.call('GET', path, { token: accessToken });
  }

  // And the channels: refused, broken, revoked, logged out.
  const wrong = await RawSocket.dial(world.ports.s2s);
  wrong.send(new RawChannel(wrong, { ...byCertificate(issued), auth: randomBytes(32) }).handshake.hello());
  await within('the end of a wrong HELLO', wrong.ended);
  const broken = await RawChannel.enter(world.ports.s2s, byCertificate(stolen));
  broken.sendText(MsgType.LogInfo, '{');
  await within('the end of a broken channel', broken.ended);
  await world.certtool('revoke', stolen.certificate.uuid, '--yes');
  await expect(RawChannel.enter(world.ports.s2s, byCertificate(stolen))).rejects.toThrow('revoked');
  await carl.client.close();
  await api.logout(carl.login.accessToken);
  await expect(RawChannel.enter(world.ports.rdv, byTicket(carl.login))).rejects.toThrow('revoked');

  const { pid } = world.master;
  process_ = { cmdline: readFileSync(`/proc/${pid}/cmdline`), environ: readFileSync(`/proc/${pid}/environ`) };
  await world.master.kill();
  await Promise.all([host.client, anna.client, bert.client].map((client) => client.close()));
}, 120_000);

afterAll(() => world.close());

async function malformed(body: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${world.ports.http}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  api.answers.push({
    method: 'POST',
    path: 'malformed',
    status: response.status,
    text: await response.text(),
  });
}

describe('no secret leaves the place where it belongs', () => {
  test('the search itself finds a secret in every form, and inside of something longer', () => {
    const secret = randomBytes(32);
    const known = new Map([['it', secret]]);
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(secretsIn(text(`a ${secret.toString(encoding)} b`), known)).toEqual(['it']);
      for (const before of [1, 2, 3, 4]) {
        const longer = Buffer.concat([randomBytes(before), secret, randomBytes(5)]);
        expect(secretsIn(text(longer.toString(encoding)), known)).toEqual(['it']);
      }
    }
    expect(secretsIn(Buffer.concat([randomBytes(7), secret]), known)).toEqual(['it']);
    expect(secretsIn(randomBytes(10_000), known)).toEqual([]);
    // Three players with five each, two matches of two, two keys, two certificates.
    expect(secrets.size).toBe(23);
  });

  test('not in the log, at its most talkative', () => {
    const log = world.lives.map(({ output }) => output).join('\n');
    expect(log).toContain('"msg":"ready"');
    expect(secretsIn(text(log), secrets)).toEqual([]);
  });

  test('not in an HTTP answer, but for the login that gives it', () => {
    const logins = api.answers.filter(({ path, status }) => path === '/v1/sessions' && status === 201);
    const others = api.answers.filter((answer) => !logins.includes(answer));
    expect(others.length).toBeGreaterThan(15);
    for (const { method, path, status, text: answer } of others) {
      expect([method, path, status, secretsIn(text(answer), secrets)]).toEqual([method, path, status, []]);
    }
    expect(logins.length).toBe(3);
    for (const [index, name] of ['anna', 'bert', 'carl'].entries()) {
      expect(secretsIn(text(logins[index]?.text ?? ''), secrets)).toEqual([
        `access token of ${name}`,
        `access token of ${name} as text`,
        `ticket of ${name}`,
      ]);
    }
  });

  test('not in the database, its log of writes included', async () => {
    const files = (await readdir(world.dataDir)).filter((name) => name.startsWith('ranked.sqlite'));
    expect(files).toContain('ranked.sqlite-wal');
    const bytes = Buffer.concat(await Promise.all(files.map((name) => readFile(join(world.dataDir, name)))));
    // What is no secret is there in clear, so the right bytes were searched.
    expect(bytes.includes('anna')).toBe(true);
    expect(secretsIn(bytes, secrets)).toEqual([]);
  });

  test('not in the arguments or the environment of the process', () => {
    expect(process_.cmdline.includes('main.js')).toBe(true);
    expect(process_.environ.includes('RANKED_DATA')).toBe(true);
    expect(secretsIn(process_.cmdline, secrets)).toEqual([]);
    expect(secretsIn(process_.environ, secrets)).toEqual([]);
  });

  test('not in the environment either when a file was named that holds the key', async () => {
    const key = Buffer.from(world.databaseKey).toString('hex');
    const file = join(world.directory, 'key');
    await writeFile(file, key, { mode: 0o600 });
    const other = await World.open({ settings: { RANKED_DATABASE_KEY_FILE: file } });
    try {
      await other.start();
      const environ = readFileSync(`/proc/${other.master.pid}/environ`);
      expect(environ.includes('RANKED_DATABASE_KEY_FILE')).toBe(true);
      expect(secretsIn(environ, secrets)).toEqual([]);
      expect(secretsIn(text(other.master.output), secrets)).toEqual([]);
    } finally {
      await other.close();
    }
  }, 90_000);
});
