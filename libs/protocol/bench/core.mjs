/*
 * The figures of the core, each against its named peer in the same run:
 *
 *   node libs/protocol/bench/core.mjs        (after a build)
 *
 * One 256-byte frame sealed and opened, against bare node:crypto doing the same AES-GCM and HMAC in its best form;
 * forged HELLOs refused; whole handshakes without sockets, both ends. What a handshake costs the server beside TLS is
 * measured by the master's own benchmark. Each figure is the median of rounds in which the two sides take turns.
 *
 * With RANKED_BENCH_NODE24=/path/to/node24 the frame is also measured there, in turn with this Node:
 * `npm install --prefix /tmp/node24 node@24` brings a binary, /tmp/node24/node_modules/node/bin/node.
 */
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { issueCertificate, publicPart } from '@ranked/cert';
import { ChallengeCache, ClientHandshake, Frame, masterIdentity, MasterHandshake } from '../dist/index.js';

const ROUNDS = 15;
const decode = (type, plaintext) => plaintext;
const now = () => Date.now();
const random = crypto.randomBytes;

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Microseconds of processor per call: what else runs on the machine does not count, as it does by the clock. */
function time(calls, work) {
  const start = process.cpuUsage();
  for (let i = 0; i < calls; i++) work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / calls;
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

/** Microseconds for a frame sealed and opened: three sides in turn, `rounds` measurements each. */
function frames(rounds) {
  const { strict, framed } = bareFrames();
  const pair = handshake(new ChallengeCache({ now }));
  const plaintext = random(256);
  const ours = () => pair.master.open(new Frame(pair.client.seal(0x21, plaintext).bytes));
  const us = { strict: [], framed: [], ours: [] };
  for (let round = 0; round <= rounds; round++) {
    const [a, b, c] = [time(1_000, strict), time(1_000, framed), time(1_000, ours)];
    if (round === 0) continue;
    us.strict.push(a);
    us.framed.push(b);
    us.ours.push(c);
  }
  return us;
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
  return { wrong, unknown };
}

const short = (value) => Number(value.toPrecision(4));

function figure({ raw, value = median(raw), ...rest }) {
  console.log(JSON.stringify({ ...rest, value: short(value), ...(raw && { raw: raw.map(short) }) }));
}

/** The same frame on another Node, in a process of its own. */
function framesOn(node) {
  const self = fileURLToPath(import.meta.url);
  return JSON.parse(execFileSync(node, [self, 'frames-only'], { encoding: 'utf8' }));
}

if (process.argv[2] === 'frames-only') {
  const us = frames(4 * ROUNDS);
  console.log(JSON.stringify({ node: process.version, ours: median(us.ours), framed: median(us.framed) }));
} else {
  const us = frames(20 * ROUNDS);
  const all = `strict ${median(us.strict).toFixed(2)} µs, framed ${median(us.framed).toFixed(2)} µs, ours ${median(us.ours).toFixed(2)} µs`;
  figure({
    figure: `one frame sealed and opened, 256 B, ratio to bare node:crypto (Node ${process.version})`,
    unit: '×',
    raw: us.framed.map((peer, i) => peer / us.ours[i]),
    atLeast: 0.9,
    peer: `the same GCM and HMAC into one output buffer and out of it: ${all}`,
  });
  figure({
    figure: 'the same, ratio to the primitives alone, nothing laid out',
    unit: '×',
    raw: us.strict.map((peer, i) => peer / us.ours[i]),
  });
  const { wrong, unknown } = forged();
  const perSecond = (values) => values.map((each) => 1e6 / each);
  figure({ figure: 'forged HELLOs refused, wrong HMAC', unit: '/s', raw: perSecond(wrong), atLeast: 30_000 });
  figure({
    figure: 'forged HELLOs refused, unknown id',
    unit: '/s',
    raw: perSecond(unknown),
    atLeast: 30_000,
  });
  const challenges = new ChallengeCache({ now });
  const pure = Array.from({ length: ROUNDS }, () => time(100, () => handshake(challenges)));
  figure({ figure: 'a whole handshake, both ends, no sockets', unit: 'µs', raw: pure });

  const other = process.env.RANKED_BENCH_NODE24;
  if (other) {
    const pairs = Array.from({ length: 7 }, () => [framesOn(process.execPath), framesOn(other)]);
    figure({
      figure: `one frame on Node ${pairs[0][1].node}, speed against Node ${process.version}`,
      unit: '×',
      raw: pairs.map(([here, there]) => here.ours / there.ours),
      atLeast: 0.9,
      peer: `${median(pairs.map(([here]) => here.ours)).toFixed(2)} µs here, ${median(pairs.map(([, there]) => there.ours)).toFixed(2)} µs there`,
    });
    figure({
      figure: `the ratio to bare node:crypto on Node ${pairs[0][1].node}`,
      unit: '×',
      raw: pairs.map(([, there]) => there.framed / there.ours),
      atLeast: 0.9,
    });
  }
}
