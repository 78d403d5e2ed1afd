import { Frame, MsgType, type Service, type Session, type SessionSettings } from '../src/index.js';
import { Bench, IDLE, known, READY } from './channel-fixture.js';
import * as slow from './slow-protocol.js';

/** What of a forged frame is not as it should be. */
export interface Forgery {
  counter?: number;
  timeMs?: number;
  keys?: slow.Keys;
}

/**
 * A client made of the slow twin, connected to the fast master: it holds the keys, so it can seal what an honest
 * client never would, and its counter goes on only when the frame was meant to pass.
 */
export class ForgedClient {
  readonly bench = new Bench();
  readonly master: Session<string>;
  /** The keys of the client's direction; replaced by `rekey`. */
  keys: slow.Keys;
  readonly secrets: ReturnType<typeof slow.schedule>;
  counter = 1;

  constructor(service: Service = 'S2S', settings: SessionSettings = {}) {
    const fields = this.bench.helloFields(service);
    const hello = slow.hello(fields);
    const master = this.bench.master(service, settings);
    master.onHello(Frame.from(hello));
    const challenge = master.answer(known(service), IDLE).bytes;
    const serverResponse = challenge.subarray(57 + 4, 57 + 68);
    this.secrets = slow.schedule({
      service,
      auth: fields.auth,
      hello,
      challenge,
      clientChallenge: hello.subarray(57 + 4, 57 + 68),
      serverResponse,
      shared: slow.x25519(fields.privateKey, serverResponse.subarray(32)),
    });
    this.keys = this.secrets.c2s;
    const finish = slow.seal(this.keys, 0, MsgType.Finish, this.bench.masterClock.ms, this.secrets.th);
    this.master = master.onFinish(Frame.from(finish), READY).session;
  }

  /** A frame that is right except for what the forgery says. It is not counted. */
  frame(type: number, plaintext: Uint8Array, forgery: Forgery = {}): Frame {
    const { counter = this.counter, timeMs = this.bench.masterClock.ms, keys = this.keys } = forgery;
    return Frame.from(slow.seal(keys, counter, type, timeMs, plaintext));
  }

  /** Opens a right frame at the master and counts it. */
  send(type: number, plaintext: Uint8Array): string[] {
    const values = this.master.open(this.frame(type, plaintext)).map((message) => message.value);
    this.counter += 1;
    return values;
  }

  /** Sends REKEY and takes the keys that follow. */
  rekey(): void {
    this.send(MsgType.Rekey, Buffer.alloc(0));
    this.keys = slow.directionKeys(this.keys.next, 'c2s');
    this.counter = 0;
  }
}
