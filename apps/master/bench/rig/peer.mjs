/** A client of the master as light as can be: a load generator must not be what is measured. */
import { createPublicKey, randomBytes, randomUUID, sign } from 'node:crypto';
import { connect } from 'node:net';
import { publicPart, signedBytes } from '@ranked/cert';
import { ClientHandshake, decodeReady, FRAME_LIMITS, FrameDecoder, masterIdentity } from '@ranked/protocol';

/** The plaintext as it is; the master under test is trusted. */
const decode = (_type, plaintext) => plaintext;

const now = () => Date.now();

/**
 * A certificate as `certtool issue` makes it, in a hundredth of the time, and what its holder shows in HELLO.
 * @param masterSeed 32 bytes
 */
export function issue(masterSeed) {
  const seconds = Math.floor(Date.now() / 1000);
  const fields = {
    uuid: randomUUID(),
    issuedAt: seconds - 60,
    expiresAt: seconds + 86_400,
    secret: randomBytes(32),
  };
  const signature = sign(null, signedBytes(fields), masterIdentity(masterSeed).privateKey);
  const credential = Buffer.from(publicPart({ ...fields, signature }));
  return { ...fields, signature, login: { service: 'S2S', auth: fields.secret, credential } };
}

/** The handshake of one client, without a socket. @param login { service, auth, credential } @param masterKey raw, to pin it */
export function clientHandshake(login, masterKey) {
  const pinned = masterKey && {
    masterKey: createPublicKey({
      key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), masterKey]),
      format: 'der',
      type: 'spki',
    }),
  };
  return new ClientHandshake({ ...login, ...pinned, now, random: randomBytes, decode, decodeReady });
}

export class Peer {
  /** Called with each message that comes: (type, plaintext, of). */
  onMessage = () => {};
  onClosed = () => {};
  #session;
  #queue = [];

  constructor(socket, session, decoder) {
    this.socket = socket;
    this.#session = session;
    this.#decoder = decoder;
  }

  #decoder;

  /** Dials, and resolves when READY has come. @param port of the loopback */
  static open(port, login) {
    return new Promise((resolve, reject) => {
      const handshake = clientHandshake(login);
      const decoder = new FrameDecoder(FRAME_LIMITS.challenge);
      const socket = connect({ host: '127.0.0.1', port, noDelay: true }, () =>
        socket.write(handshake.hello()),
      );
      let peer;
      socket.on('error', reject);
      socket.on('close', () =>
        peer ? peer.onClosed() : reject(new Error('the master ended the handshake')),
      );
      socket.on('data', (chunk) => {
        if (peer) return peer.#take(chunk);
        try {
          decoder.push(chunk, 0);
          const frame = decoder.next();
          if (!frame) return;
          decoder.limits = FRAME_LIMITS.sealed;
          if (handshake.state === 'await-challenge') return void socket.write(handshake.onChallenge(frame));
          peer = new Peer(socket, handshake.onReady(frame).session, decoder);
          resolve(peer);
          peer.#drain();
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #take(chunk) {
    this.#decoder.push(chunk, 0);
    this.#drain();
  }

  #drain() {
    for (let frame; (frame = this.#decoder.next());) {
      for (const { type, value, of } of this.#session.open(frame)) this.onMessage(type, value, of);
    }
    this.flush();
  }

  /** Queues a message; `flush` sends what is queued in one frame. Happens by itself after messages were received. */
  queue(type, plaintext) {
    this.#queue.push({ type, plaintext });
  }

  flush() {
    if (this.#queue.length === 0) return [];
    const { bytes, of } = this.#session.sealBatch(this.#queue.splice(0));
    this.socket.write(bytes);
    return of;
  }

  /** Sends one message now. @returns its number */
  send(type, value) {
    this.queue(type, Buffer.from(JSON.stringify(value)));
    return this.flush().at(-1);
  }

  destroy() {
    this.socket.destroy();
  }
}

/** Opens many, a few at a time. @param logins @param open (login, index) => promise */
export async function openMany(logins, open, atOnce = 32) {
  const opened = new Array(logins.length);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < logins.length; i = next++) opened[i] = await open(logins[i], i);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return opened;
}
