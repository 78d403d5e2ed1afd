import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, expect, test } from '@jest/globals';
import { sessions } from '@ranked/store';
import { PlayerClient, type ClientRuntime } from '@ranked/protocol/player';
import { LOGGER, type Logger } from '../src/logging/logger.js';
import { rawConnection, readToEnd } from './support/raw-http.js';
import { stopTestMasters, TestMaster } from './support/test-master.js';

afterAll(stopTestMasters);

/** All forms in which 32 bytes could stand in a log. */
function formsOf(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  return [
    buffer.toString('hex'),
    buffer.toString('base64'),
    buffer.toString('base64url'),
    JSON.stringify([...buffer]).slice(1, -1),
  ];
}

test('nothing secret is in the log of a whole scenario, at the finest level', async () => {
  const databaseKey = Buffer.alloc(32, 0xa7);
  const master = await TestMaster.start({
    RANKED_LOG_LEVEL: 'trace',
    RANKED_DATABASE_KEY: databaseKey.toString('hex'),
  });
  const password = 'correct-horse-battery-staple';
  const wrong = 'wrong-horse-battery-staple';
  const { token, login } = await master.player('ada', password);
  const ticket = login['ticket'] as Ticket;

  // What goes well, what goes wrong, and what is sent where it does not belong.
  await master.get('/v1/me', { token });
  await master.post('/v1/sessions', { username: 'ada', password: wrong });
  await master.post('/v1/sessions', { username: 'nobody', password: wrong });
  await master.post('/v1/sessions', `{"username":"ada","password":"${password}"`);
  await master.post('/v1/accounts', { username: password, password: wrong, token });
  await master.get(`/v1/me?access_token=${token}`, { headers: { cookie: `session=${token}` } });
  await master.get('/v1/players/x', { token });
  const socket = await rawConnection(master);
  const answer = readToEnd(socket);
  socket.write(`GET / HTTP/1.1\r\nAuthorization: Bearer ${token}\r\nbroken header\r\n\r\n`);
  await answer;
  await playerSession(master, ticket);
  await master.request('DELETE', '/v1/sessions/current', { token });

  // And careless code, with everything at hand.
  const found = await master.store.read((tx) => sessions.byTicketId(tx, ticket.id));
  const log = master.running.app.get<Logger>(LOGGER);
  log.info(
    {
      config: master.config,
      login,
      session: found,
      request: { body: { password }, headers: { authorization: `Bearer ${token}` } },
    },
    'careless',
  );
  log
    .child({ token, password })
    .error({ err: Object.assign(new Error('failed'), { body: { password }, ticket }) }, 'careless');
  await master.running.drain();

  const text = master.log.lines.join('');
  const seed = readFileSync(master.running.masterKeyPath, 'utf8').trim().slice(-64);
  const secrets = [
    ['password', password],
    ['wrong password', wrong],
    ['access token', token],
    ['ticket', ticket.secret],
    ...formsOf(found?.ticketKey ?? new Uint8Array()).map((form) => ['ticket key', form]),
    ...formsOf(databaseKey).map((form) => ['database key', form]),
    ...formsOf(Buffer.from(seed, 'hex')).map((form) => ['master key', form]),
  ];
  for (const [name, secret] of secrets) {
    expect(secret?.length).toBeGreaterThan(10);
    expect({ name, leaked: text.includes(String(secret)) }).toEqual({ name, leaked: false });
  }
  // The search would find them: what is public is there.
  expect(text).toContain(ticket.id);
  expect(text).toContain('careless');
});

test('every line of a request carries its id, every line of a connection the connection and the peer', async () => {
  const master = await TestMaster.start({ RANKED_LOG_LEVEL: 'trace' });
  const { login } = await master.player('ben');
  await badFrame(master, login['ticket'] as Ticket);
  await master.running.drain();
  const records = master.log.records();
  const requests = records.filter(({ component }) => component === 'http');
  expect(requests.length).toBeGreaterThanOrEqual(2);
  for (const line of requests)
    expect(line).toMatchObject({ requestId: expect.stringMatching(/^[0-9a-f]{24}$/) });
  const ofConnections = records.filter(({ connectionId }) => connectionId !== undefined);
  expect(ofConnections.length).toBeGreaterThanOrEqual(1);
  for (const line of ofConnections)
    expect(line).toMatchObject({ connectionId: expect.any(String), peer: expect.anything() });
});

interface Ticket {
  id: string;
  secret: string;
}

function clientOf(master: TestMaster, ticket: Ticket, runtime: Partial<ClientRuntime> = {}): PlayerClient {
  const { rdv, masterPublicKey } = master.running;
  return new PlayerClient({
    ...rdv,
    ticketId: ticket.id,
    ticket: ticket.secret,
    masterPublicKey: Buffer.from(masterPublicKey, 'hex'),
    runtime,
  });
}

/** A player's connection, opened and closed in order. */
async function playerSession(master: TestMaster, ticket: Ticket): Promise<void> {
  const client = clientOf(master, ticket);
  await client.connect();
  await client.close();
}

/** A player's connection that ends because of what it sends. */
async function badFrame(master: TestMaster, ticket: Ticket): Promise<void> {
  const sockets: Socket[] = [];
  const open = ({ host, port }: { host: string; port: number }): Socket => {
    const socket = connect(port, host);
    sockets.push(socket);
    return socket;
  };
  const client = clientOf(master, ticket, { connect: open });
  const disconnected = new Promise<void>((resolve) => client.on('disconnected', () => resolve()));
  await client.connect();
  sockets[0]?.write(Buffer.alloc(100, 0xff));
  await disconnected;
  await client.close();
}
