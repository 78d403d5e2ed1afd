import { connect, createServer, type Server, type Socket } from 'node:net';

/** A load balancer for TCP: each connection goes to one of the nodes that answer, by turns, whoever it comes from. */
export class Balancer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #turn = 0;

  private constructor(private readonly targets: readonly number[]) {
    // An end is passed on as an end: a CLOSE may be on its way in the other direction.
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#forward(client, this.#turn++, 0));
  }

  /** @param port where it listens; @param targets the ports of the nodes, all on this machine */
  static async open(port: number, targets: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(targets);
    await new Promise<void>((resolve, reject) => {
      balancer.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return balancer;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #forward(client: Socket, turn: number, tried: number): void {
    const port = this.targets[(turn + tried) % this.targets.length];
    if (port === undefined || tried === this.targets.length) {
      client.destroy();
      return;
    }
    const node = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    node.once('connect', () => {
      node.off('error', next);
      this.#tie(client, node);
      this.#tie(node, client);
      client.pipe(node);
      node.pipe(client);
    });
    const next = (): void => this.#forward(client, turn, tried + 1);
    node.once('error', next);
  }

  #tie(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => other.destroy());
    socket.once('close', () => {
      this.#sockets.delete(socket);
      other.destroySoon();
    });
  }
}
