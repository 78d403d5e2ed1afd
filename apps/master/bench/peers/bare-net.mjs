/** Program, peer: a bare node:net server that reads and does nothing. */
import { createServer } from 'node:net';
import { serveCalls } from '../rig/calls.mjs';

let received = 0;
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received += chunk.length;
  });
});
server.listen(0, '127.0.0.1', () => {
  serveCalls({ port: () => server.address().port, received: () => received });
});
