import { connect, type Socket } from 'node:net';
import type { TestMaster } from './test-master.js';

/** A TCP connection to the HTTP port, for what no HTTP client would send. */
export function rawConnection(master: TestMaster): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(master.running.http.port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** All that comes until the other side ends the connection, by whatever means. */
export function readToEnd(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}
