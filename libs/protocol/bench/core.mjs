/*
 * The three figures of the core, each against its named peer in the same run:
 *
 *   node libs/protocol/bench/core.mjs        (after a build)
 *
 * One 256-byte frame sealed and opened, against bare node:crypto doing the same AES-GCM and HMAC in its best form;
 * whole handshakes, both ends in one process, against full TLS 1.3 handshakes of node:tls; forged HELLOs refused.
 * Each figure is the median of rounds in which the two sides take turns.
 */
import crypto from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { issueCertificate, publicPart } from '@ranked/cert';
import { ChallengeCache, ClientHandshake, Frame, masterIdentity, MasterHandshake } from '../dist/index.js';

const ROUNDS = 15;
const decode = (type, plaintext) => plaintext;
const now = () => Date.now();
const random = crypto.randomBytes;

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Microseconds per call. */
function time(calls, work) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) work();
  return Number(process.hrtime.bigint() - start) / calls / 1000;
}

const seed = random(32);
const identity = masterIdentity(seed);
const secret = random(32);
const seconds = Math.floor(Date.now() / 1000);
const certificate = issueCertificate({
  masterSeed: seed,
  uuid: crypto.randomUUID(),
  issuedAt: seconds,
  expiresAt: seconds + 86_400,
  secret,
});
const credential = publicPart(certificate);
const known = { auth: secret, revoked: false };
const load = { maintenance: false, full: false };
const ready = Buffer.from('{"sessionId":"x","serverTime":1,"heartbeatMs":10000,"maxPayload":65552}');

function client() {
  return new ClientHandshake({
    service: 'S2S',
    auth: secret,
    credential,
    masterKey: identity.publicKey,
    now,
    random,
    decode,
    decodeReady: (plaintext) => JSON.parse(plaintext),
  });
}

function master(challenges) {
  return new MasterHandshake({ service: 'S2S', identity, challenges, now, random, decode });
}

function handshake(challenges) {
  const c = client();
  const m = master(challenges);
  m.onHello(new Frame(c.hello()));
  const finish = c.onChallenge(new Frame(m.answer(known, load).bytes));
  const { session, bytes } = m.onFinish(new Frame(finish), ready);
  return { client: c.onReady(new Frame(bytes)).session, master: session };
}

/** Writes a digest in its Latin-1 form, the cheapest way found; `Buffer.write` costs twice as much. */
function put(text, target, offset) {
  for (let i = 0; i < 32; i++) target[offset + i] = text.charCodeAt(i);
}

/**
 * The two peers, both with KeyObjects, a fixed header and the one-shot hash over prefilled pads, built from the cheapest
 * calls that this library knows, so that neither is slower than it need be.
 *
 * `strict` only calls the primitives: nothing is laid out as a frame, every buffer but theirs is made beforehand.
 * `framed` also makes one fresh output buffer per frame, and takes ciphertext, tag and MAC out of it again.
 */
function bareFrames() {
  const enc = crypto.createSecretKey(random(32));
  const outer = random(96);
  const nonce = random(12);
  const aad = random(25);
  const plaintext = random(256);
  const options = { authTagLength: 16 };
  const message = random(64 + 25 + 256 + 16);
  const expected = Buffer.alloc(32);
  const received = Buffer.alloc(32);
  const openTag = Buffer.alloc(16);
  const hmac = () => {
    put(crypto.hash('sha256', message, 'binary'), outer, 64);
    return crypto.hash('sha256', outer, 'binary');
  };
  const seal = () => {
    const cipher = crypto.createCipheriv('aes-256-gcm', enc, nonce);
    cipher.setAAD(aad);
    const ciphertext = cipher.update(plaintext);
    cipher.final();
    const tag = cipher.getAuthTag();
    message.set(ciphertext, 89);
    message.set(tag, 345);
    return { ciphertext, tag };
  };
  const open = (ciphertext, tag) => {
    const decipher = crypto.createDecipheriv('aes-256-gcm', enc, nonce, options);
    decipher.setAAD(aad);
    decipher.setAuthTag(tag);
    decipher.update(ciphertext);
    decipher.final();
  };
  return {
    strict() {
      const { ciphertext, tag } = seal();
      put(hmac(), received, 0);
      put(hmac(), expected, 0);
      if (!crypto.timingSafeEqual(expected, received)) throw new Error('hmac');
      open(ciphertext, tag);
    },
    framed() {
      const { ciphertext, tag } = seal();
      const frame = Buffer.allocUnsafe(57 + 256 + 16);
      frame.set(ciphertext, 57);
      frame.set(tag, 313);
      put(hmac(), frame, 4);

      const view = frame.subarray(57, 313);
      for (let i = 0; i < 16; i++) openTag[i] = frame[313 + i];
      message.set(view, 89);
      message.set(openTag, 345);
      put(hmac(), expected, 0);
      for (let i = 0; i < 32; i++) received[i] = frame[4 + i];
      if (!crypto.timingSafeEqual(expected, received)) throw new Error('hmac');
      open(view, openTag);
    },
  };
}

function frames() {
  const { strict, framed } = bareFrames();
  const pair = handshake(new ChallengeCache({ now }));
  const plaintext = random(256);
  const ours = () => pair.master.open(new Frame(pair.client.seal(0x21, plaintext).bytes));
  const us = { strict: [], framed: [], ours: [] };
  for (let round = 0; round <= 10 * ROUNDS; round++) {
    const [a, b, c] = [time(2_000, strict), time(2_000, framed), time(2_000, ours)];
    if (round === 0) continue;
    us.strict.push(a);
    us.framed.push(b);
    us.ours.push(c);
  }
  const ratio = (peer) => median(peer.map((each, i) => each / us.ours[i]));
  const least = Object.fromEntries(Object.entries(us).map(([name, values]) => [name, Math.min(...values)]));
  return {
    medianUs: { strict: median(us.strict), framed: median(us.framed), ours: median(us.ours) },
    leastUs: least,
    ratioToStrict: ratio(us.strict),
    ratioToFramed: ratio(us.framed),
    leastRatioToStrict: least.strict / least.ours,
    leastRatioToFramed: least.framed / least.ours,
  };
}

/** One full TLS 1.3 handshake over a loopback socket, with an Ed25519 certificate and no resumption. */
async function tlsServer() {
  const { execFileSync } = await import('node:child_process');
  const { mkdtempSync, readFileSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = mkdtempSync(join(tmpdir(), 'ranked-bench-'));
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  const openssl = [
    'req',
    '-x509',
    '-newkey',
    'ed25519',
    '-nodes',
    '-keyout',
    key,
    '-out',
    cert,
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
  ];
  execFileSync('openssl', openssl, { stdio: 'ignore' });
  const options = { key: readFileSync(key), cert: readFileSync(cert), minVersion: 'TLSv1.3' };
  rmSync(folder, { recursive: true });
  const server = tls.createServer(options, (socket) => socket.end());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, ca: options.cert };
}

async function tlsHandshakes(port, ca, count) {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) {
    await new Promise((resolve, reject) => {
      const socket = tls.connect(
        { port, host: '127.0.0.1', ca, servername: 'localhost', minVersion: 'TLSv1.3' },
        () => {
          socket.destroy();
          resolve();
        },
      );
      socket.on('error', reject);
    });
  }
  const used = process.cpuUsage(start);
  return (used.user + used.system) / count;
}

/** Ours over the same loopback, one segment per frame. */
async function ourHandshakes(port, count) {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) {
    await new Promise((resolve, reject) => {
      const c = client();
      const socket = net.connect(port, '127.0.0.1', () => socket.write(c.hello()));
      socket.on('error', reject);
      let step = 0;
      socket.on('data', (chunk) => {
        if (step++ === 0) return socket.write(c.onChallenge(new Frame(chunk)));
        c.onReady(new Frame(chunk));
        socket.destroy();
        resolve();
      });
    });
  }
  const used = process.cpuUsage(start);
  return (used.user + used.system) / count;
}

async function handshakes() {
  const { server, ca } = await tlsServer();
  const challenges = new ChallengeCache({ now });
  const own = net.createServer((socket) => {
    const m = master(challenges);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (m.state === 'await-hello') {
        m.onHello(new Frame(chunk));
        socket.write(m.answer(known, load).bytes);
      } else {
        socket.end(m.onFinish(new Frame(chunk), ready).bytes);
      }
    });
  });
  await new Promise((resolve) => own.listen(0, '127.0.0.1', resolve));
  const results = { tls: [], ours: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    const a = await tlsHandshakes(server.address().port, ca, 100);
    const b = await ourHandshakes(own.address().port, 100);
    if (round === 0) continue;
    results.tls.push(a);
    results.ours.push(b);
  }
  server.close();
  own.close();
  const pure = [];
  for (let round = 0; round < ROUNDS; round++) pure.push(time(100, () => handshake(challenges)));
  return {
    tlsUs: median(results.tls),
    oursUs: median(results.ours),
    oursWithoutSocketsUs: median(pure),
    ratio: median(results.tls.map((us, i) => us / results.ours[i])),
  };
}

function forged() {
  const challenges = new ChallengeCache({ now });
  const hello = Buffer.from(client().hello());
  hello[10] ^= 1;
  const frame = new Frame(hello);
  const refuse = (row) => () => {
    const m = master(challenges);
    m.onHello(frame);
    try {
      m.answer(row, load);
    } catch (error) {
      if (error.code !== 'hmac' && error.code !== 'credential') throw error;
    }
  };
  const wrong = [];
  const unknown = [];
  for (let round = 0; round < ROUNDS; round++) {
    wrong.push(time(5_000, refuse(known)));
    unknown.push(time(5_000, refuse(undefined)));
  }
  return { wrongHmacPerSecond: 1e6 / median(wrong), unknownIdPerSecond: 1e6 / median(unknown) };
}

const report = {
  node: process.version,
  frame256: frames(),
  handshake: await handshakes(),
  forged: forged(),
};
console.log(
  JSON.stringify(
    report,
    (key, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value),
    2,
  ),
);
