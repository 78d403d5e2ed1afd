import { createInterface } from 'node:readline';
import type { Socket } from 'node:net';

/** What passes between a player's game and a demo game server: one JSON object a line. */
export interface Hello {
  joinToken: string;
  /** How well this player plays today: the hidden strength with the day's noise. Stands in for the game itself. */
  performance: number;
}

const LONGEST_LINE = 512;

/** Calls back with the first line of the socket as a Hello; ends the socket when the peer says anything else. */
export function readHello(socket: Socket, onHello: (hello: Hello) => void): void {
  let received = 0;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > LONGEST_LINE) socket.destroy();
  });
  const lines = createInterface({ input: socket });
  lines.once('line', (line) => {
    try {
      const hello = JSON.parse(line) as Partial<Hello>;
      if (typeof hello.joinToken !== 'string' || typeof hello.performance !== 'number')
        throw new TypeError('not a hello');
      onHello({ joinToken: hello.joinToken, performance: hello.performance });
    } catch {
      socket.destroy();
    }
  });
  lines.on('error', () => undefined);
}

export function writeHello(socket: Socket, hello: Hello): void {
  socket.write(`${JSON.stringify(hello)}\n`);
}
