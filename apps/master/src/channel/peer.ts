/** Who is at the other end of a connection. It comes from the handshake, never from a payload. */

/** A game server, known by its certificate. */
export interface ServerPeer {
  readonly kind: 'server';
  /** UUID of the certificate, canonical text. */
  readonly certificateId: string;
  /** The name the operator gave the certificate. */
  readonly name: string;
  /** Where players connect, if the operator set it; else the connection's remote address is used. */
  readonly publicHost: string | null;
  /** Remote address of the TCP connection, IPv4 in dotted form. */
  readonly remoteAddress: string;
  /** Id of the master key that signed the certificate. */
  readonly masterKeyId: string;
  /** When the certificate ends, Unix ms. */
  readonly expiresAt: number;
}

/** A player, known by the ticket that the HTTP login gave. */
export interface PlayerPeer {
  readonly kind: 'player';
  readonly accountId: string;
  /** 32 lower-case hex digits. */
  readonly ticketId: string;
  readonly displayName: string;
  readonly remoteAddress: string;
  /** When the ticket ends, Unix ms. */
  readonly expiresAt: number;
}

export type Peer = ServerPeer | PlayerPeer;

/** The service label under which a kind of peer connects. */
export type ServiceOf<P extends Peer> = P extends ServerPeer ? 'S2S' : 'RDV';

/** What makes two connections the same peer: the newer one supersedes the older. */
export function peerId(peer: Peer): string {
  return peer.kind === 'server' ? peer.certificateId : peer.accountId;
}
