/**
 * Program: the protocol's frames alone on a bare socket, for the comparison with bare node:tls. Handshake, decoder, session and
 * one BATCH of answers per turn are those of the service; nothing is dispatched, parsed or checked.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import {
  ChallengeCache,
  FRAME_LIMITS,
  FrameDecoder,
  MasterHandshake,
  masterIdentity,
  MsgType,
} from '@ranked/protocol';
import { serveCalls } from '../rig/calls.mjs';
import { issue } from '../rig/peer.mjs';

const seed = randomBytes(32);
const now = () => Date.now();
const options = {
  service: 'S2S',
  identity: masterIdentity(seed),
  challenges: new ChallengeCache({ now }),
  now,
  random: randomBytes,
  decode: (_type, plaintext) => plaintext,
};
const READY = Buffer.from('{"sessionId":"x","serverTime":1,"heartbeatMs":300000,"maxPayload":65552}');
const ANSWER = { type: MsgType.Ack, plaintext: Buffer.from('{"of":12345,"ok":true}') };
const secrets = new Map();
let handled = 0;

const server = createServer({ noDelay: true }, (socket) => {
  const handshake = new MasterHandshake(options);
  const decoder = new FrameDecoder(FRAME_LIMITS.hello);
  let session;
  let answers = [];
  const flush = () => {
    const waiting = answers;
    answers = [];
    socket.write(session.sealBatch(waiting).bytes);
  };
  const take = (frame) => {
    for (const { type } of session.open(frame)) {
      handled += 1;
      if (type === MsgType.MatchStarted && answers.push(ANSWER) === 1) setImmediate(flush);
    }
  };
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    decoder.push(chunk, 0);
    for (let frame; (frame = decoder.next());) {
      if (session) take(frame);
      else if (handshake.state === 'await-hello') {
        const { id } = handshake.onHello(frame);
        const known = { auth: secrets.get(id), revoked: false };
        socket.write(handshake.answer(known, { maintenance: false, full: false }).bytes);
        decoder.limits = FRAME_LIMITS.finish;
      } else {
        const finished = handshake.onFinish(frame, READY);
        session = finished.session;
        decoder.limits = FRAME_LIMITS.sealed;
        socket.write(finished.bytes);
      }
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  serveCalls({
    port: () => server.address().port,
    handled: () => handled,
    certificates: (count) =>
      Array.from({ length: count }, () => {
        const { uuid, secret, login } = issue(seed);
        secrets.set(uuid, secret);
        return login;
      }),
  });
});
