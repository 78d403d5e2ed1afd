import type { KnownCredential } from '@ranked/protocol';
import type { Peer } from './peer.js';

/** What the database has under the id of a HELLO. */
export interface FoundCredential<P extends Peer> extends KnownCredential {
  /** Whether the door takes nobody at present. Game servers are taken during maintenance. */
  readonly maintenance: boolean;
  /** Who the peer is, once it has proven that it holds the credential. */
  peerAt(remoteAddress: string): P;
}

/** What makes one door differ from the other: how its peers are known. */
export interface Authenticator<P extends Peer> {
  /**
   * Looks up a credential that is not yet proven. @param id UUID of the certificate, or the ticket's 32 hex digits
   * @returns undefined if there is none; a revoked or expired one is returned
   */
  find(id: string): Promise<FoundCredential<P> | undefined>;

  /**
   * Asks the database again when the peer has proven itself: what changed between HELLO and FINISH counts, and a
   * credential that was revoked meanwhile does not open a connection.
   */
  isStillValid(peer: P): Promise<boolean>;
}
