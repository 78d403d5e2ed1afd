/** Program, peer: Colyseus over TLS, one room for all, without state. */
import { createServer } from 'node:https';
import { matchMaker, Room, Server } from '@colyseus/core';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { selfSigned } from '../rig/self-signed.mjs';
import { serveCalls } from '../rig/calls.mjs';

const credentials = selfSigned('Ed25519');
let handled = 0;

class BenchRoom extends Room {
  onCreate() {
    this.maxClients = 1000;
    this.autoDispose = false;
    this.setPatchRate(null);
    this.onMessage('started', (client) => {
      handled += 1;
      client.send('ack', { ok: true });
    });
    this.onMessage('heartbeat', () => {
      handled += 1;
    });
  }
}

const https = createServer({ ...credentials, minVersion: 'TLSv1.3', noDelay: true });
const server = new Server({
  greet: false,
  transport: new WebSocketTransport({ server: https, pingInterval: 0 }),
});
server.define('bench', BenchRoom);
await server.listen(0, '127.0.0.1');
serveCalls({
  port: () => https.address().port,
  ca: () => credentials.cert,
  handled: () => handled,
  /** A reserved seat: the address that a client of Colyseus would get over HTTP. */
  seat: async () => {
    const { room, sessionId } = await matchMaker.joinOrCreate('bench', {});
    return `${room.processId}/${room.roomId}?sessionId=${sessionId}`;
  },
});
