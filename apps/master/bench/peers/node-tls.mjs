/**
 * Program, peer: bare node:tls. Messages are `length u32 ‖ kind u8 ‖ JSON`; kind 1 wants an answer. Nothing is dispatched
 * and nothing checked; with the argument `json` the JSON is at least parsed. With the argument `mutual` the client has to
 * show a certificate too.
 */
import { createServer } from 'node:tls';
import { selfSigned } from '../rig/self-signed.mjs';
import { serveCalls } from '../rig/calls.mjs';

const [kind = 'Ed25519', ...wanted] = process.argv.slice(2);
const parsing = wanted.includes('json');
const credentials = selfSigned(kind);
// The one certificate serves both ends.
const mutual = wanted.includes('mutual') && {
  requestCert: true,
  rejectUnauthorized: true,
  ca: credentials.cert,
};
const ANSWER = Buffer.from('{"of":12345,"ok":true}');
let handled = 0;

function answer(socket) {
  const bytes = Buffer.allocUnsafe(5 + ANSWER.length);
  bytes.writeUInt32LE(ANSWER.length, 0);
  bytes[4] = 1;
  bytes.set(ANSWER, 5);
  socket.write(bytes);
}

const server = createServer({ ...credentials, ...mutual, minVersion: 'TLSv1.3', noDelay: true }, (socket) => {
  let rest = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 5) {
      const end = at + 5 + bytes.readUInt32LE(at);
      if (bytes.length < end) break;
      if (parsing) JSON.parse(bytes.latin1Slice(at + 5, end));
      handled += 1;
      if (bytes[at + 4] === 1) answer(socket);
      at = end;
    }
    rest = bytes.subarray(at);
  });
});
server.listen(0, '127.0.0.1', () => {
  serveCalls({
    port: () => server.address().port,
    ca: () => credentials.cert,
    credentials: () => credentials,
    handled: () => handled,
  });
});
