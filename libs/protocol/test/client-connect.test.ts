import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { encodeCertificate, issueCertificate } from '@ranked/cert';
import { Backoff } from '../src/client/backoff.js';
import { GameServerClient, RefusedError } from '../src/game-server.js';
import type { ProtocolError } from '../src/game-server.js';
import { PlayerClient } from '../src/player.js';
import { MsgType } from '../src/msg-type.js';
import {
  CERTIFICATE,
  HEARTBEAT,
  NO_HANDLERS,
  PlayerStage,
  ServerStage,
  disconnected,
  matchId,
  result,
} from './client-fixtures.js';
import type { Conduct } from './client-test-master.js';

let servers: ServerStage;
let players: PlayerStage;
beforeEach(async () => {
  servers = await new ServerStage().open();
  players = await new PlayerStage().open();
});
afterEach(async () => {
  await servers.close();
  await players.close();
});

/** RFC 8032 §7.1, test 1: a public key that is nobody's here. */
const OTHER_KEY = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');

type Change = (conduct: Conduct) => void;
const known =
  (part: Partial<NonNullable<Conduct['known']>>): Change =>
  (conduct) => {
    if (conduct.known !== undefined) conduct.known = { ...conduct.known, ...part };
  };

describe('refusals that end the client', () => {
  test.each<[string, string, Change]>([
    ['S2S', 'certificate revoked', known({ revoked: true })],
    ['S2S', 'banned', known({ banned: true })],
    ['RDV', 'ticket expired', known({ expiresAt: 1 })],
    ['RDV', 'ticket revoked', known({ revoked: true })],
    ['RDV', 'banned', known({ banned: true })],
  ])('%s: %s', async (service, sentence, change) => {
    const stage = service === 'S2S' ? servers : players;
    change(stage.master.conduct);
    const client = stage.client();
    const closed = once(client, 'closed') as Promise<[ProtocolError]>;
    await expect(client.connect()).rejects.toMatchObject({ code: 'refused', message: sentence });
    const [error] = await closed;
    expect(error).toBeInstanceOf(RefusedError);
    stage.runtime.advance(3_600_000);
    expect(stage.runtime.sockets).toHaveLength(1);
    expect(stage.runtime.timers).toBe(0);
    expect(client.state).toBe('closed');
  });

  test('certificate expired, by the clock of both', async () => {
    servers.runtime.advance(43_200_000);
    await expect(servers.client().connect()).rejects.toThrow('certificate expired');
  });

  test('a certificate of another master key', async () => {
    const foreign = issueCertificate({ ...CERTIFICATE, masterSeed: randomBytes(32) });
    const client = servers.client({ certificate: encodeCertificate(foreign) });
    await expect(client.connect()).rejects.toThrow('certificate not signed by the present master key');
  });

  test('a refusal rejects what waits, and keeps it in pending()', async () => {
    known({ revoked: true })(servers.master.conduct);
    const client = servers.client();
    const sent = client.matchResult(result(1));
    await expect(client.connect()).rejects.toThrow('certificate revoked');
    await expect(sent).rejects.toThrow('certificate revoked');
    expect(client.pending()).toEqual([{ type: MsgType.MatchResult, message: result(1) }]);
  });
});

describe('refusals that pass', () => {
  test.each<[string, Change, Change]>([
    ['clock differs by 312 s', (c) => (c.clockOffsetMs = 312_000), (c) => (c.clockOffsetMs = 0)],
    ['clock differs by 121 s', (c) => (c.clockOffsetMs = -120_501), (c) => (c.clockOffsetMs = 0)],
    ['the master is in maintenance', (c) => (c.maintenance = true), (c) => (c.maintenance = false)],
    ['the master is full', (c) => (c.full = true), (c) => (c.full = false)],
  ])('%s: the client tries again', async (sentence, begin, end) => {
    for (const stage of [servers, players]) {
      begin(stage.master.conduct);
      const client = stage.client();
      const lost = disconnected(client);
      const ready = client.connect();
      const { error, retryInMs } = await lost;
      expect(error).toMatchObject({ code: 'refused', message: sentence });
      expect(client.state).toBe('waiting');
      end(stage.master.conduct);
      stage.runtime.advance(retryInMs);
      expect((await ready).sessionId).toBe('test');
      expect(client.state).toBe('ready');
    }
  });
});

describe('the pinned key', () => {
  test.each(['S2S', 'RDV'] as const)('%s: the right one', async (service) => {
    const stage = service === 'S2S' ? servers : players;
    const { client } = await stage.connected({ masterPublicKey: stage.master.publicKey });
    expect(client.state).toBe('ready');
  });

  test.each(['S2S', 'RDV'] as const)('%s: another one ends the client', async (service) => {
    const stage = service === 'S2S' ? servers : players;
    const client = stage.client({ masterPublicKey: OTHER_KEY });
    await expect(client.connect()).rejects.toMatchObject({
      code: 'signature',
      message: 'the master does not hold the pinned key',
    });
    expect(client.state).toBe('closed');
    expect(stage.runtime.timers).toBe(0);
  });

  test('a refusal that the pinned key did not sign is not believed', async () => {
    known({ revoked: true })(servers.master.conduct);
    const client = servers.client({ masterPublicKey: OTHER_KEY });
    await expect(client.connect()).rejects.toMatchObject({ code: 'signature' });
  });
});

describe('handshakes that do not come to an end', () => {
  test.each(['challenge', 'ready'] as const)('a stall before %s: 5 s, then again', async (step) => {
    servers.master.conduct.stallBefore = step;
    const client = servers.client();
    void client.connect();
    const accepted = await servers.master.accepted.next();
    await once(accepted, 'data');
    if (step === 'ready') await once(accepted, 'data');
    servers.runtime.advance(4999);
    expect(client.state).toBe('connecting');
    const lost = disconnected(client);
    servers.runtime.advance(1);
    const { error, retryInMs } = await lost;
    expect(error).toMatchObject({ code: 'timeout', message: 'no session within 5 s' });
    servers.master.conduct.stallBefore = undefined;
    servers.runtime.advance(retryInMs);
    await servers.master.established.next();
  });

  test('an unknown credential gets no answer; the client says what that may mean, and tries again', async () => {
    servers.master.conduct.known = undefined;
    const client = servers.client();
    const lost = disconnected(client);
    void client.connect();
    const { error } = await lost;
    expect(error).toMatchObject({
      code: 'connection',
      message:
        'the master ended the connection during the handshake; it gives no answer to a credential that it does not know',
    });
  });

  test('a wrong secret gets none either', async () => {
    const client = players.client({ ticket: randomBytes(32).toString('base64url') });
    const lost = disconnected(client);
    void client.connect();
    expect((await lost).error.code).toBe('connection');
  });

  test('nobody listens', async () => {
    const { port } = servers.master;
    await servers.master.stop();
    const client = servers.client({ port });
    const lost = disconnected(client);
    void client.connect();
    const { error } = await lost;
    expect(error).toMatchObject({
      code: 'connection',
      message: `could not connect to 127.0.0.1:${port} (ECONNREFUSED)`,
    });
  });

  test.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', 'length'],
    ['TLS', '\x15\x03\x01\x00\x02\x02\x46', 'length'],
    ['silence and the end', '', 'connection'],
  ])('a server that answers with %s', async (_, answer, code) => {
    const server = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end(answer),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = servers.client({ port: (server.address() as AddressInfo).port });
    const lost = disconnected(client);
    void client.connect();
    expect((await lost).error.code).toBe(code);
    await client.close();
    await new Promise((resolve) => server.close(resolve));
  });

  test('CHALLENGE with any byte changed makes no session', async () => {
    // Every eighth byte of the 197, another bit each time; the handshake's own tests flip every bit.
    for (let at = 0; at < 197; at += 8) {
      servers.runtime.prepare = tampering(at, 1 << ((at / 8) % 8));
      const client = servers.client({ masterPublicKey: servers.master.publicKey });
      const lost = disconnected(client);
      void client.connect();
      // A length that became larger is noticed at once, one that is not 140 too: no change leaves the client waiting.
      expect(['hmac', 'length', 'schema']).toContain((await lost).error.code);
      await client.close();
    }
  });
});

test('everything byte by byte: handshake, commands, Acks', async () => {
  servers.runtime.prepare = bytewise;
  const heard: string[] = [];
  const { client, connection } = await servers.connected({
    handlers: { ...NO_HANDLERS, [MsgType.CmdForceStart]: (command) => void heard.push(command.matchId) },
  });
  for (let i = 0; i < 5; i++) connection.send(MsgType.CmdForceStart, { matchId: matchId(i) });
  for (let i = 0; i < 5; i++) await connection.next(MsgType.Ack);
  const sent = client.matchResult(result(1));
  connection.ack((await connection.next()).of);
  await sent;
  expect(heard).toEqual([0, 1, 2, 3, 4].map(matchId));
});

describe('close()', () => {
  test('before connect, while connecting and while waiting', async () => {
    const idle = servers.client();
    await idle.close();
    await expect(idle.connect()).rejects.toMatchObject({ code: 'closed' });

    servers.master.conduct.stallBefore = 'challenge';
    const connecting = servers.client();
    const first = connecting.connect();
    await servers.master.accepted.next();
    await connecting.close();
    await expect(first).rejects.toMatchObject({ code: 'closed' });

    servers.master.conduct.known = undefined;
    servers.master.conduct.stallBefore = undefined;
    const waiting = servers.client();
    const lost = disconnected(waiting);
    void waiting.connect();
    await lost;
    await waiting.close();
    await waiting.close();
    expect(servers.runtime.timers).toBe(0);
    expect([idle.state, connecting.state, waiting.state]).toEqual(['closed', 'closed', 'closed']);
  });
});

describe('backoff', () => {
  test('doubles its bound up to the largest, jitter over the whole range, and begins again', () => {
    let chance = 0.999;
    const backoff = new Backoff(500, 30_000, () => chance);
    const bounds = Array.from({ length: 9 }, () => backoff.next());
    expect(bounds).toEqual([499, 999, 1998, 3996, 7992, 15_984, 29_970, 29_970, 29_970]);
    chance = 0;
    expect(backoff.next()).toBe(0);
    chance = 0.5;
    backoff.reset();
    expect([backoff.next(), backoff.next()]).toEqual([250, 500]);
  });

  test('grows over failed attempts and short sessions; a session of 10 s ends the series', async () => {
    const { runtime, master } = servers;
    const client = servers.client();
    void client.connect();
    const waits: number[] = [];
    for (const livedMs of [0, 9_999, 10_000, 0]) {
      await once(client, 'ready');
      const connection = await master.established.next();
      runtime.advance(livedMs);
      const lost = disconnected(client);
      connection.drop();
      const { retryInMs } = await lost;
      waits.push(retryInMs);
      runtime.advance(retryInMs);
    }
    expect(waits).toEqual([250, 500, 250, 500]);
  });
});

describe('wrong arguments', () => {
  const base = {
    host: 'x',
    port: 1,
    certificate: encodeCertificate(CERTIFICATE),
    heartbeat: () => HEARTBEAT,
    handlers: NO_HANDLERS,
  };
  const player = { host: 'x', port: 1, ticketId: '00'.repeat(16), ticket: 'A'.repeat(43) };
  test.each([
    ['port 0', () => new GameServerClient({ ...base, port: 0 }), 'argument'],
    ['port 65,536', () => new PlayerClient({ ...player, port: 65_536 }), 'argument'],
    [
      'a truncated certificate',
      () => new GameServerClient({ ...base, certificate: base.certificate.subarray(1) }),
      'length',
    ],
    [
      'a short master key',
      () => new GameServerClient({ ...base, masterPublicKey: new Uint8Array(31) }),
      'argument',
    ],
    ['a short ticket', () => new PlayerClient({ ...player, ticket: 'AAAA' }), 'argument'],
    [
      'a ticket id that is not hex',
      () => new PlayerClient({ ...player, ticketId: 'x'.repeat(32) }),
      'argument',
    ],
  ])('%s', (_, make, code) => {
    expect(make).toThrow(expect.objectContaining({ code }) as Error);
  });
});

/** Gives a socket's data to its listeners one byte at a time. */
function bytewise(socket: Socket): void {
  const emit = socket.emit.bind(socket);
  socket.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event !== 'data') return emit(event as string, ...args);
    const chunk = args[0] as Buffer;
    for (let i = 0; i < chunk.length; i++) emit('data', chunk.subarray(i, i + 1));
    return true;
  };
}

/** Changes one byte of the first data that arrive. */
function tampering(at: number, mask: number): (socket: Socket) => void {
  return (socket) =>
    socket.prependOnceListener('data', (chunk: Buffer) => void (chunk[at] = (chunk[at] ?? 0) ^ mask));
}
