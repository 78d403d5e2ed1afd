import type { ActionResult, PageQuery } from './basics.js';

/** `GET /api/certificates` → `Page<CertificateView>`, those that expire first come first; CSV: yes. */
export interface CertificateQuery extends PageQuery {
  status?: CertificateStatus;
  /** Part of the name, or the start of the uuid. */
  q?: string;
}

/** `other-key`: signed by a master key that is no longer in use. */
export type CertificateStatus = 'valid' | 'expiring' | 'expired' | 'revoked' | 'other-key';

/** A game server's certificate. `expiring`: valid, for less than 30 days. */
export interface CertificateView {
  uuid: string;
  name: string;
  status: CertificateStatus;
  issuedAt: number;
  expiresAt: number;
  masterKeyId: string;
  publicHost: string | null;
  createdAt: number;
  revokedAt: number | null;
  revokeReason: string | null;
  /** Whether its server is connected now. */
  online: boolean;
}

/** `POST /api/certificates` → 201 `IssuedCertificate` */
export interface IssueCertificateBody {
  /** Name of the game server, 1 to 64 characters, rules as for `certtool issue`. */
  name: string;
  /** 1 to 3,650. */
  days: number;
  /** Address that players are given, if not the one the server connects from. */
  host?: string;
}

export interface IssuedCertificate extends ActionResult {
  certificate: CertificateView;
  /**
   * `GET` it once within five minutes (with the token, like all else): `application/octet-stream`, 133 bytes. Afterwards it
   * is 404 for ever; no copy is kept.
   */
  download: { path: string; fileName: string; expiresAt: number };
}

/** `POST /api/certificates/:uuid/revoke`. Impact: its server's matches and players. */
export interface RevokeCertificateBody {
  /** 1 to 200 characters. */
  reason: string;
}

/** `GET /api/master-key` */
export interface MasterKeyView {
  keyId: string | null;
  /** Valid certificates that would die with it. */
  dying: number;
  /** Whether this process can read and replace the key file. */
  available: boolean;
}

/** `POST /api/master-key/rotate` → `RotatedMasterKey`. Impact: its `number` is the `confirm` that is asked for. */
export interface RotateMasterKeyBody {
  /** How many certificates will die, typed in; 409 `confirmation` when it is another number by now. */
  confirm: number;
  reason: string;
}

export interface RotatedMasterKey extends ActionResult {
  keyId: string;
  /** 64 hexadecimal digits, for game servers and players that pin it. */
  publicKey: string;
}

/** `GET /api/operator-certificates` → `Page<OperatorCertificateView>`: who may open the dashboard. */
export interface OperatorCertificateView {
  /** Lower-case hexadecimal. */
  serial: string;
  name: string;
  issuedAt: number;
  expiresAt: number;
  status: 'valid' | 'expired' | 'revoked';
  revokedAt: number | null;
  revokeReason: string | null;
  /** The one that asks. It cannot revoke itself. */
  own: boolean;
}

/** `POST /api/operator-certificates/:serial/revoke`: its open connections end within a second. */
export interface RevokeOperatorCertificateBody {
  /** 1 to 200 characters. */
  reason: string;
}
