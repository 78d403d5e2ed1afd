/**
 * The load generator's end of each server under comparison, all of one shape: `send(kind, count)` gives the server so many
 * messages at once, each in a write of its own where that is how the library is used; `onAnswers(count)` hears of answers.
 */
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import { MsgType } from '@ranked/protocol';
import { Peer } from '../rig/peer.mjs';

export const STARTED = { matchId: '018f2b6e-7c1d-4f3a-9b1e-0a1b2c3d4e5f' };
export const HEARTBEAT = {
  name: 'eu-central-7',
  port: 27_015,
  region: 'eu-central',
  build: '2026.11.3+4711',
  capacity: 64,
  players: 37,
  accepting: true,
  matches: ['018f2b6e-7c1d-4f3a-9b1e-0a1b2c3d4e5f', '018f2b6e-7c1d-4f3a-9b1e-0a1b2c3d4e60'],
  load: 0.43,
};
const MESSAGES = { request: STARTED, oneWay: HEARTBEAT };

function client(send) {
  return { send, onAnswers: () => {} };
}

export async function openOurs(port, login) {
  const peer = await Peer.open(port, login);
  const kinds = {
    request: [MsgType.MatchStarted, Buffer.from(JSON.stringify(STARTED))],
    oneWay: [MsgType.Heartbeat, Buffer.from(JSON.stringify(HEARTBEAT))],
  };
  const self = client((kind, count) => {
    for (let i = 0; i < count; i += 1) peer.queue(...kinds[kind]);
    peer.flush();
  });
  let answers = 0;
  peer.onMessage = () => {
    // All answers of one segment are one call.
    if (answers++ === 0) queueMicrotask(() => self.onAnswers(answers, (answers = 0)));
  };
  return self;
}

function openTls(port, ca) {
  return new Promise((resolve, reject) => {
    const socket = connectTls(
      { host: '127.0.0.1', port, ca, servername: 'localhost', minVersion: 'TLSv1.3' },
      () => {
        socket.setNoDelay(true);
        resolve(socket);
      },
    );
    socket.on('error', reject);
  });
}

export async function openBare(port, ca) {
  const socket = await openTls(port, ca);
  const frames = Object.fromEntries(
    Object.entries(MESSAGES).map(([kind, message]) => {
      const json = Buffer.from(JSON.stringify(message));
      const frame = Buffer.alloc(5 + json.length);
      frame.writeUInt32LE(json.length, 0);
      frame[4] = kind === 'request' ? 1 : 0;
      frame.set(json, 5);
      return [kind, frame];
    }),
  );
  const self = client((kind, count) => {
    for (let i = 0; i < count; i += 1) socket.write(frames[kind]);
  });
  const size = 5 + '{"of":12345,"ok":true}'.length;
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    const answers = Math.floor(bytes / size);
    bytes -= answers * size;
    if (answers > 0) self.onAnswers(answers);
  });
  return self;
}

export async function openNest(port, ca) {
  const socket = await openTls(port, ca);
  let id = 0;
  const self = client((kind, count) => {
    for (let i = 0; i < count; i += 1) {
      const pattern = kind === 'request' ? 'started' : 'heartbeat';
      const packet = { pattern, data: MESSAGES[kind], ...(kind === 'request' && { id: String((id += 1)) }) };
      const json = JSON.stringify(packet);
      socket.write(`${json.length}#${json}`);
    }
  });
  socket.on('data', (chunk) => {
    // One '#' per packet: no answer has another.
    let answers = 0;
    for (let at = chunk.indexOf(35); at >= 0; at = chunk.indexOf(35, at + 1)) answers += 1;
    if (answers > 0) self.onAnswers(answers);
  });
  return self;
}

/** MessagePack of an object of this benchmark, as Colyseus reads it. */
const { Packr } = await import('@colyseus/msgpackr');
const JOIN_ROOM = 10;
const ROOM_DATA = 13;

export async function openColyseus(port, ca, seat) {
  const packr = new Packr({ useRecords: false });
  const socket = new WebSocket(`wss://localhost:${port}/${seat}`, {
    ca,
    perMessageDeflate: false,
    lookup: (_host, options, callback) =>
      options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
  });
  socket.binaryType = 'nodebuffer';
  const named = (type) => Buffer.concat([Buffer.from([ROOM_DATA, 0xa0 | type.length]), Buffer.from(type)]);
  const frames = {
    request: Buffer.concat([named('started'), packr.pack(STARTED)]),
    oneWay: Buffer.concat([named('heartbeat'), packr.pack(HEARTBEAT)]),
  };
  const self = client((kind, count) => {
    for (let i = 0; i < count; i += 1) socket.send(frames[kind], { binary: true });
  });
  await new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      if (data[0] === JOIN_ROOM) {
        socket.send(Buffer.from([JOIN_ROOM]));
        resolve();
      } else if (data[0] === ROOM_DATA) self.onAnswers(1);
    });
  });
  return self;
}
