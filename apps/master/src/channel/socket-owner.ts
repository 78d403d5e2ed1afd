import type { Socket } from 'node:net';

/** Who listens to a socket: first the handshake, then the connection. */
export interface SocketOwner {
  onData(chunk: Buffer): void;
  /** The peer has ended its direction. */
  onEnd(): void;
  onError(error: Error): void;
  /** The socket is gone; called exactly once, last. */
  onClosed(): void;
}

const OWNER = Symbol('owner');

type OwnedSocket = Socket & { [OWNER]?: SocketOwner };

/**
 * Makes `owner` the one that hears of the socket, instead of the last one. The listeners are the same four
 * functions for every socket, so that a connection costs no closures.
 */
export function own(socket: Socket, owner: SocketOwner): void {
  const owned = socket as OwnedSocket;
  const listening = owned[OWNER] !== undefined;
  owned[OWNER] = owner;
  if (listening) return;
  socket.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
}

function onData(this: OwnedSocket, chunk: Buffer): void {
  this[OWNER]?.onData(chunk);
}

function onEnd(this: OwnedSocket): void {
  this[OWNER]?.onEnd();
}

function onError(this: OwnedSocket, error: Error): void {
  this[OWNER]?.onError(error);
}

function onClose(this: OwnedSocket): void {
  this[OWNER]?.onClosed();
}
