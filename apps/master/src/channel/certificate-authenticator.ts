import { Inject, Injectable } from '@nestjs/common';
import { certificates, type CertificateRecord, type Store } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { MasterKeys } from '../keys/master-keys.js';
import { STORE } from '../store/store.module.js';
import type { Authenticator, FoundCredential } from './authenticator.js';
import type { ServerPeer } from './peer.js';

/** Knows game servers by their certificates. Dates and signature are checked by the handshake itself. */
@Injectable()
export class CertificateAuthenticator implements Authenticator<ServerPeer> {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly keys: MasterKeys,
    private readonly clock: Clock,
  ) {}

  async find(id: string): Promise<FoundCredential<ServerPeer> | undefined> {
    const row = await this.store.read((tx) => certificates.withSecret(tx, id));
    if (row === null) return undefined;
    const { certificate, secret } = row;
    return {
      auth: secret,
      revoked: certificate.revokedAt !== null,
      maintenance: false,
      peerAt: (remoteAddress) => peerOf(certificate, remoteAddress),
    };
  }

  async isStillValid(peer: ServerPeer): Promise<boolean> {
    const row = await this.store.read((tx) => certificates.byUuid(tx, peer.certificateId));
    return (
      row !== null &&
      row.revokedAt === null &&
      row.expiresAt * 1000 > this.clock.now() &&
      row.masterKeyId === this.keys.current().keyId
    );
  }
}

function peerOf(certificate: CertificateRecord, remoteAddress: string): ServerPeer {
  return {
    kind: 'server',
    certificateId: certificate.uuid,
    name: certificate.name,
    publicHost: certificate.publicHost,
    remoteAddress,
    masterKeyId: certificate.masterKeyId,
    expiresAt: certificate.expiresAt * 1000,
  };
}
