/*
 * Writes the test vectors of the protocol, vectors/*.json, from fixed inputs:
 *
 *   npx tsc --build libs/protocol/tsconfig.lib.json && node libs/protocol/scripts/make-vectors.mjs
 *
 * The output is the same every time. It should change only when the protocol does, which needs a new version of it.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { issueCertificate, encodeCertificate, publicPart, uuidFromBytes } from '@ranked/cert';
import {
  ChallengeCache,
  ClientHandshake,
  Frame,
  masterIdentity,
  MasterHandshake,
  MsgType,
  msgTypeName,
  RefusalStatus,
  ticketAuthKey,
  ticketCredential,
} from '../dist/index.js';
import { challengeMessage } from '../dist/handshake/challenge.js';
import { expand, handshakeSecret, hashFrame, sessionSecret, transcriptHash } from '../dist/key-schedule.js';
import { MacKey } from '../dist/mac-key.js';
import { ephemeralKey, sharedSecret } from '../dist/x25519.js';

/** Bytes that look random and are always the same: SHA-256 of a label. */
function fixed(label, length = 32) {
  return createHash('sha256').update(`ranked test vector ${label}`).digest().subarray(0, length);
}

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const T0 = 1_800_000_000_000;
const masterSeed = fixed('master seed');
const identity = masterIdentity(masterSeed);
const masterPublicKey = Buffer.from(identity.publicKey.export({ format: 'jwk' }).x, 'base64url');

const certificate = issueCertificate({
  masterSeed,
  uuid: uuidFromBytes(fixed('uuid', 16)),
  issuedAt: T0 / 1000 - 86_400,
  expiresAt: T0 / 1000 + 86_400,
  secret: fixed('certificate secret'),
});
const ticket = fixed('ticket');
const ticketId = fixed('ticket id', 16);

const doors = {
  S2S: {
    known: { certificate: hex(encodeCertificate(certificate)) },
    auth: Buffer.from(certificate.secret),
    credential: Buffer.from(publicPart(certificate)),
  },
  RDV: {
    known: { ticket: hex(ticket), ticket_id: hex(ticketId) },
    auth: ticketAuthKey(ticket),
    credential: ticketCredential(ticketId),
  },
};

/** Hands out the given byte strings in turn. */
function source(...queue) {
  return (length) => {
    const next = queue.shift();
    if (next?.length !== length) throw new Error(`${length} bytes were asked for out of turn`);
    return next;
  };
}

/** Both ends up to their sessions, with everything on the way. */
function handshake(service) {
  const { auth, credential, known } = doors[service];
  const name = (what) => `${service} ${what}`;
  const inputs = {
    ...known,
    auth: hex(auth),
    credential: hex(credential),
    master_seed: hex(masterSeed),
    master_public_key: hex(masterPublicKey),
    client_random: hex(fixed(name('client random'))),
    client_private_key: hex(fixed(name('client private key'))),
    hello_nonce: hex(fixed(name('hello nonce'), 12)),
    hello_time_ms: T0,
    server_random: hex(fixed(name('server random'))),
    server_private_key: hex(fixed(name('server private key'))),
    challenge_nonce: hex(fixed(name('challenge nonce'), 12)),
    challenge_time_ms: T0 + 40,
    finish_time_ms: T0 + 80,
    ready_time_ms: T0 + 120,
    ready: JSON.stringify({
      sessionId: 'd1b6f3c0-6a0e-4f6e-9a43-0c4b8a4de001',
      serverTime: T0 + 120,
      heartbeatMs: 10_000,
      maxPayload: 65_552,
    }),
  };
  const bytes = (key) => Buffer.from(inputs[key], 'hex');
  const clock = { ms: T0 };
  const now = () => clock.ms;
  const decode = (type, plaintext) => plaintext;
  const client = new ClientHandshake({
    service,
    auth,
    credential,
    masterKey: identity.publicKey,
    now,
    random: source(bytes('client_random'), bytes('client_private_key'), bytes('hello_nonce')),
    decode,
    decodeReady: (plaintext) => JSON.parse(plaintext.toString()),
  });
  const master = new MasterHandshake({
    service,
    identity,
    challenges: new ChallengeCache({ now }),
    now,
    random: source(bytes('server_random'), bytes('server_private_key'), bytes('challenge_nonce')),
    decode,
  });
  const hello = client.hello();
  clock.ms = inputs.challenge_time_ms;
  master.onHello(Frame.from(hello));
  const challenge = master.answer({ auth, revoked: false }, { maintenance: false, full: false }).bytes;
  clock.ms = inputs.finish_time_ms;
  const finish = client.onChallenge(Frame.from(challenge));
  clock.ms = inputs.ready_time_ms;
  const established = master.onFinish(Frame.from(finish), Buffer.from(inputs.ready));
  const { session } = client.onReady(Frame.from(established.bytes));

  const clientChallenge = hello.subarray(61, 125);
  const serverResponse = challenge.subarray(61, 125);
  const authKey = new MacKey(auth);
  const shared = sharedSecret(
    ephemeralKey(bytes('client_private_key')).privateKey,
    serverResponse.subarray(32),
  );
  const ks = sessionSecret(authKey, clientChallenge, serverResponse);
  const th = transcriptHash(service, hashFrame(hello), hashFrame(challenge));
  const prk = handshakeSecret(ks, shared, th);
  const json = {
    about: `A whole ${service} handshake. Byte strings are hexadecimal; times are Unix milliseconds.`,
    service,
    inputs,
    hello: {
      mac_key: hex(authKey.sign(Buffer.from(`ranked v1 hello ${service}`))),
      client_challenge: hex(clientChallenge),
      frame: hex(hello),
      hash_without_hmac: hex(hashFrame(hello)),
    },
    challenge: {
      server_response: hex(serverResponse),
      signed_message: hex(challengeMessage(service, hashFrame(hello), challenge.subarray(57))),
      signature: hex(challenge.subarray(57 + 76)),
      mac_key: hex(expand(new MacKey(prk), 'ranked v1 challenge mac', 32)),
      frame: hex(challenge),
      hash_without_hmac: hex(hashFrame(challenge)),
    },
    secrets: {
      x25519_shared: hex(shared),
      ks: hex(ks),
      th: hex(th),
      prk: hex(prk),
      c2s: directionKeys(prk, 'c2s'),
      s2c: directionKeys(prk, 's2c'),
    },
    finish: { plaintext: hex(th), frame: hex(finish) },
    ready: { plaintext: inputs.ready, frame: hex(established.bytes) },
  };
  return { json, sessions: { c2s: session, s2c: established.session }, clock };
}

function directionKeys(prk, direction) {
  const key = (label, length) => hex(expand(new MacKey(prk), `ranked v1 ${direction} ${label}`, length));
  return { enc: key('enc', 32), mac: key('mac', 32), iv: key('iv', 4), next: key('next', 32) };
}

/** Every refusal that a HELLO of these handshakes can get. */
function refusals() {
  const cases = [];
  for (const service of ['S2S', 'RDV']) {
    const { auth, credential } = doors[service];
    for (const [name, status] of Object.entries(RefusalStatus)) {
      if (service === 'RDV' && status === RefusalStatus.NotSigned) continue;
      const label = `${service} refusal ${status}`;
      const clock = { ms: T0 + 40 };
      const now = () => clock.ms;
      // A certificate is out of date by the master's clock; what else refuses is the database's or the HELLO's.
      if (service === 'S2S' && status === RefusalStatus.Expired) clock.ms = T0 + 86_400_000;
      const helloTime = status === RefusalStatus.ClockDiffers ? T0 - 312_000 : clock.ms - 40;
      const parts = {
        client_random: fixed(`${label} client random`),
        client_private_key: fixed(`${label} client private key`),
        hello_nonce: fixed(`${label} hello nonce`, 12),
        challenge_nonce: fixed(`${label} challenge nonce`, 12),
      };
      const client = new ClientHandshake({
        service,
        auth,
        credential,
        now: () => helloTime,
        random: source(parts.client_random, parts.client_private_key, parts.hello_nonce),
        decode: () => undefined,
        decodeReady: () => ({ maxPayload: 0 }),
      });
      const hello = client.hello();
      if (status === RefusalStatus.Version) {
        hello[57] = 2;
        new MacKey(new MacKey(auth).sign(Buffer.from(`ranked v1 hello ${service}`))).signClear(hello);
      }
      const signer =
        status === RefusalStatus.NotSigned ? masterIdentity(fixed('another master seed')) : identity;
      const master = new MasterHandshake({
        service,
        identity: signer,
        challenges: new ChallengeCache({ now }),
        now,
        random: source(parts.challenge_nonce),
        decode: () => undefined,
      });
      master.onHello(Frame.from(hello));
      const answer = master.answer(
        {
          auth,
          revoked: status === RefusalStatus.Revoked,
          banned: status === RefusalStatus.Banned,
          expiresAt: status === RefusalStatus.Expired ? T0 : undefined,
        },
        { maintenance: status === RefusalStatus.Maintenance, full: status === RefusalStatus.Full },
      );
      if (answer.status !== status) throw new Error(`${label} became ${answer.status}`);
      cases.push({
        name,
        service,
        status,
        auth: hex(auth),
        master_seed: hex(status === RefusalStatus.NotSigned ? fixed('another master seed') : masterSeed),
        hello: hex(hello),
        challenge_nonce: hex(parts.challenge_nonce),
        challenge_time_ms: clock.ms,
        mac_key: hex(new MacKey(auth).sign(Buffer.from(`ranked v1 refuse ${service}`))),
        frame: hex(answer.bytes),
      });
    }
  }
  return {
    about:
      'A CHALLENGE of each status that refuses. The client expects the server response to be zero, and the HMAC under mac_key.',
    cases,
  };
}

/** Frames of both directions after the S2S handshake, in the order in which they are sealed. */
function session() {
  const { json, sessions, clock } = handshake('S2S');
  const prk = { c2s: Buffer.from(json.secrets.prk, 'hex'), s2c: Buffer.from(json.secrets.prk, 'hex') };
  const steps = [];
  const counters = { c2s: 1, s2c: 1 };
  let time = T0 + 1000;

  function step(direction, kind, messages, sealed) {
    const frame = Buffer.from(sealed.bytes);
    steps.push({
      direction,
      kind,
      counter: counters[direction]++,
      time_ms: clock.ms,
      messages: messages.map(([type, text], i) => ({
        of: sealed.of[i],
        type,
        name: msgTypeName(type),
        plaintext: text,
      })),
      frame: hex(frame),
    });
    const other = sessions[direction === 'c2s' ? 's2c' : 'c2s'];
    other.open(Frame.from(frame));
    clock.ms = time += 250;
  }
  const one = (direction, type, value) => {
    const text = JSON.stringify(value);
    const { bytes, of } = sessions[direction].seal(type, Buffer.from(text));
    step(direction, type === MsgType.Close ? 'close' : 'message', [[type, text]], { bytes, of: [of] });
  };
  const many = (direction, ...messages) => {
    const texts = messages.map(([type, value]) => [type, JSON.stringify(value)]);
    const sealed = sessions[direction].sealBatch(
      texts.map(([type, text]) => ({ type, plaintext: Buffer.from(text) })),
    );
    step(direction, 'batch', texts, sealed);
  };
  const rekey = (direction) => {
    const bytes = sessions[direction].sealRekey();
    step(direction, 'rekey', [], { bytes, of: [] });
    prk[direction] = Buffer.from(directionKeys(prk[direction], direction).next, 'hex');
    steps.at(-1).keys_after = directionKeys(prk[direction], direction);
    counters[direction] = 0;
  };

  clock.ms = time;
  const matchId = '6f1c7e38-52a4-4d0b-8a53-3b5a1f8e7c11';
  one('c2s', MsgType.Heartbeat, {
    name: 'Münster 1',
    port: 7777,
    region: 'eu',
    build: '1.0.0',
    capacity: 8,
    players: 0,
    accepting: true,
    matches: [],
  });
  one('s2c', MsgType.CmdCancelMatch, { matchId, reason: 'a test' });
  one('c2s', MsgType.Ack, {
    of: 1,
    ok: false,
    error: { code: 'unknown_match', message: 'no such match here' },
  });
  many(
    'c2s',
    [MsgType.LogInfo, { message: 'first' }],
    [MsgType.LogWarn, { message: 'second' }],
    [MsgType.MatchStarted, { matchId }],
  );
  one('s2c', MsgType.Ack, { of: 5, ok: true });
  rekey('c2s');
  one('c2s', MsgType.LogError, { message: 'under the next keys' });
  rekey('s2c');
  many(
    's2c',
    [MsgType.CmdForceStart, { matchId }],
    [MsgType.CmdShutdown, { reason: 'maintenance', graceMs: 30_000 }],
  );
  rekey('c2s');
  one('c2s', MsgType.Close, { code: 'shutdown', reason: 'as told' });
  one('s2c', MsgType.Close, { code: 'bye', reason: '' });
  return {
    about:
      'Sealed frames after the handshake of handshake-s2s.json, in the order in which they were sealed. "of" is the number by which an Ack names a message; REKEY takes one too.',
    c2s: json.secrets.c2s,
    s2c: json.secrets.s2c,
    steps,
  };
}

for (const [name, content] of [
  ['handshake-s2s', handshake('S2S').json],
  ['handshake-rdv', handshake('RDV').json],
  ['refusals', refusals()],
  ['session', session()],
]) {
  writeFileSync(new URL(`../vectors/${name}.json`, import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
}
