import { randomBytes } from 'node:crypto';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { issueCertificate, randomCertificateFields } from '@ranked/cert';
import { MsgType } from '@ranked/protocol';
import { within } from './support/deadline.js';
import { byCertificate, byTicket, RawChannel, RawSocket, type Credential } from './support/raw-channel.js';
import type { RankedPlayer } from './support/ranked-player.js';
import { heartbeat, Siege } from './support/siege.js';
import type { Issued } from './support/world.js';

const HANDSHAKE_MS = 2_000;
/** As the master has them unless it is told otherwise. */
const PER_ADDRESS = 16;
const IN_ALL = 512;

let siege: Siege;
let mallory: Issued;
const sockets: RawSocket[] = [];

beforeAll(async () => {
  siege = await Siege.lay({ RANKED_HANDSHAKE_TIMEOUT_MS: String(HANDSHAKE_MS) });
  mallory = await siege.world.issue('mallory');
}, 120_000);

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await siege.stillServes();
}, 60_000);

afterAll(() => siege.lift());

type DoorName = 's2s' | 'rdv';

async function knock(door: DoorName, localAddress?: string): Promise<RawSocket> {
  const socket = await RawSocket.dial(siege.world.ports[door], localAddress);
  sockets.push(socket);
  return socket;
}

/** The master ends the connection and has not said one byte. */
async function endsInSilence(socket: RawSocket): Promise<void> {
  await within('the end of the connection', socket.ended);
  expect(socket.received.length).toBe(0);
}

describe('what is no client', () => {
  const bytes: [string, Buffer][] = [
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: curl/8\r\n\r\n')],
    ['an HTTP/2 preface', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    ['an SSH greeting', Buffer.from('SSH-2.0-OpenSSH_9.9\r\n')],
    ['a length of 2^32 - 1', Buffer.from('ffffffff', 'hex')],
    ['a length of 0', Buffer.alloc(4)],
    ['zeros', Buffer.alloc(4096)],
    ['chance', Buffer.concat([Buffer.from([0xff]), randomBytes(100_000)])],
  ];

  for (const door of ['s2s', 'rdv'] as const) {
    test.each(bytes)(`${door}: %s is cut off in silence`, async (_what, sent) => {
      const socket = await knock(door);
      socket.send(sent);
      await endsInSilence(socket);
    });

    test(`${door}: a TLS client gets no answer`, async () => {
      const { port } = { port: siege.world.ports[door] };
      const client = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false });
      const error = await within('the end', new Promise<Error>((resolve) => client.once('error', resolve)));
      expect(error.message).toMatch(/disconnected|ECONNRESET|EPIPE/);
    });

    test(`${door}: one who says half of a HELLO, and no more, is cut off when the time for it is over`, async () => {
      const hello = new RawChannel(await knock(door), byCertificate(mallory)).handshake.hello();
      const socket = await knock(door);
      const began = Date.now();
      socket.send(hello.subarray(0, 100));
      await endsInSilence(socket);
      expect(Date.now() - began).toBeGreaterThanOrEqual(HANDSHAKE_MS - 50);
    });
  }

  test('frames on the HTTP port get nothing but an HTTP error', async () => {
    const channel = new RawChannel(await knock('s2s'), byCertificate(mallory));
    const http = await RawSocket.dial(siege.world.ports.http);
    sockets.push(http);
    http.send(channel.handshake.hello());
    http.send(Buffer.from('\r\n\r\n'));
    await within('the end of the HTTP connection', http.ended);
    expect(http.received.toString('latin1')).toMatch(/^$|^HTTP\/1\.1 4\d\d /);
  });
});

describe('a HELLO with the wrong credential is not answered', () => {
  const login = () => (siege.duellists[0] as RankedPlayer).login;
  const forged = (): Credential => {
    const { uuid, secret } = randomCertificateFields((count) => randomBytes(count));
    const now = Math.floor(Date.now() / 1000);
    const certificate = issueCertificate({
      masterSeed: randomBytes(32),
      uuid,
      secret,
      issuedAt: now,
      expiresAt: now + 1000,
    });
    return byCertificate({ name: 'forged', certificate, bytes: new Uint8Array() });
  };

  test.each<[string, DoorName, () => Credential]>([
    ['a certificate on RDV', 'rdv', () => byCertificate(mallory, 'RDV')],
    ['a certificate on RDV, for S2S', 'rdv', () => byCertificate(mallory, 'S2S')],
    ['a ticket on S2S', 's2s', () => byTicket(login(), 'S2S')],
    ['a ticket on S2S, for RDV', 's2s', () => byTicket(login(), 'RDV')],
    ['a certificate nobody issued', 's2s', forged],
    ['a certificate without its secret', 's2s', () => ({ ...byCertificate(mallory), auth: randomBytes(32) })],
    ['a ticket without its secret', 'rdv', () => ({ ...byTicket(login()), auth: randomBytes(32) })],
    [
      'a ticket nobody was given',
      'rdv',
      () => ({ ...byTicket(login()), credential: Buffer.concat([randomBytes(16), Buffer.alloc(85)]) }),
    ],
    [
      'a ticket with something in its padding',
      'rdv',
      () => ({ ...byTicket(login()), credential: randomBytes(101) }),
    ],
  ])('%s', async (_what, door, credential) => {
    const socket = await knock(door);
    socket.send(new RawChannel(socket, credential()).handshake.hello());
    await endsInSilence(socket);
  });

  test('the same credentials at their own doors are let in', async () => {
    const channel = await RawChannel.enter(siege.world.ports.s2s, byCertificate(mallory));
    await channel.leave();
    const [player] = await siege.pair('trap');
    await player?.client.close();
    const own = await RawChannel.enter(siege.world.ports.rdv, byTicket(player?.login ?? login()));
    await own.leave();
  });
});

describe('recorded bytes', () => {
  test('a HELLO is taken once, whoever sends it, and the session that it began lives on', async () => {
    const socket = await knock('s2s');
    const sent: Buffer[] = [];
    const { write } = socket.socket;
    socket.socket.write = ((chunk: Buffer) => {
      sent.push(chunk);
      return write.call(socket.socket, chunk);
    }) as typeof write;
    const channel = new RawChannel(socket, byCertificate(mallory));
    await channel.enter();
    const [hello, finish] = sent;
    if (!hello || !finish) throw new Error('nothing was recorded');
    for (const localAddress of ['127.0.0.1', '127.0.0.2']) {
      const again = await knock('s2s', localAddress);
      again.send(Buffer.concat([hello, finish]));
      await endsInSilence(again);
    }
    const elsewhere = await knock('rdv');
    elsewhere.send(hello);
    await endsInSilence(elsewhere);
    channel.send(MsgType.Heartbeat, heartbeat());
    expect(await channel.ask(MsgType.MatchStarted, { matchId: '00000000-0000-4000-8000-000000000000' })).toBe(
      'unknown_match',
    );
  });

  test('a FINISH of another session ends the handshake', async () => {
    const first = await knock('s2s');
    const sent: Buffer[] = [];
    const { write } = first.socket;
    first.socket.write = ((chunk: Buffer) => {
      sent.push(chunk);
      return write.call(first.socket, chunk);
    }) as typeof write;
    await new RawChannel(first, byCertificate(mallory)).enter();
    const second = await knock('s2s');
    second.send(new RawChannel(second, byCertificate(mallory)).handshake.hello());
    await within('the CHALLENGE', new Promise((resolve) => second.socket.once('data', resolve)));
    const challenged = second.received.length;
    second.send(sent[1] ?? Buffer.alloc(0));
    await within('the end of the connection', second.ended);
    expect(second.received.length).toBe(challenged);
  });
});

describe('crowds at the door', () => {
  test('1,000 half-open handshakes from many addresses: capped in all, and the honest come in and play', async () => {
    const crowd: RawSocket[] = [];
    const before = siege.world.master.rssMiB();
    // A third says nothing, a third a part of a HELLO, a third a whole HELLO and then no more.
    const part = new RawChannel(await knock('s2s'), byCertificate(mallory)).handshake
      .hello()
      .subarray(0, 150);
    for (let address = 2; crowd.length < 1_000; address += 1) {
      const dialled = Array.from({ length: PER_ADDRESS }, () =>
        knock(address % 2 ? 's2s' : 'rdv', `127.0.0.${address}`),
      );
      for (const [index, socket] of (await Promise.all(dialled)).entries()) {
        crowd.push(socket);
        if (index % 3 === 1) socket.send(part);
        if (index % 3 === 2) socket.send(new RawChannel(socket, byCertificate(mallory)).handshake.hello());
      }
    }
    // An honest player logs in, connects and plays, and so does a game server, while they stand there.
    const [newcomer] = await siege.pair('trap');
    await newcomer?.client.close();
    const server = await RawChannel.enter(
      siege.world.ports.s2s,
      byCertificate(await siege.world.issue('newcomer')),
    );
    await siege.stillServes();
    await server.leave();
    expect(crowd.filter(({ isEnded }) => !isEnded).length).toBeLessThanOrEqual(IN_ALL);
    expect(siege.world.master.rssMiB() - before).toBeLessThan(100);
    // And all of them are gone when the time for a handshake is over.
    await within('the end of the crowd', Promise.all(crowd.map(({ ended }) => ended)));
  }, 90_000);

  test('one address has few places, and takes none from others', async () => {
    const crowd = await Promise.all(Array.from({ length: 150 }, () => knock('rdv', '127.0.0.2')));
    await within(
      'those beyond the limit to be turned away',
      new Promise<void>((resolve) => {
        let ended = 0;
        for (const socket of crowd) {
          void socket.ended.then(() => {
            ended += 1;
            if (ended === crowd.length - PER_ADDRESS) resolve();
          });
        }
      }),
    );
    const [newcomer] = await siege.pair('trap');
    await newcomer?.client.close();
    await siege.stillServes();
    await within('the end of the rest', Promise.all(crowd.map(({ ended }) => ended)));
    expect(crowd.every(({ received }) => received.length === 0)).toBe(true);
  }, 60_000);
});
