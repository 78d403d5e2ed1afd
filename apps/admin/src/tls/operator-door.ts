import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { KeyedCertificate } from '@ranked/admin-pki';
import type { Refusal } from '../audit/refusal-log.js';
import { plainAddress } from '../gate/address-list.js';
import type { Operator } from '../operators/operator.js';

const HANDSHAKE_MS = 5_000;
/** Connections that have not shown their certificate yet; beyond it the one that came first gives way. */
const MAX_UNPROVEN = 128;
/** Connections of one certificate at once: many pages of a browser, and far fewer than there is room for in all. */
const MAX_EACH = 64;

/** What the second lock needs. */
export interface DoorOptions {
  /** The dashboard's own certificate. */
  identity: KeyedCertificate;
  authorityPem: string;
  /** Those of these serials that are known, not revoked and not expired. */
  inForceAmong: (serials: readonly string[]) => Promise<ReadonlySet<string>>;
  refused: (refusal: Refusal) => void;
}

/**
 * The second lock: TLS 1.3 with a client certificate of the dashboard's own authority. A certificate that is missing,
 * expired, of another authority or not for clients ends the handshake; one that was revoked, or that nobody noted when it
 * was issued, ends the connection right after it, and so do too many of one certificate. Only then is a connection handed on.
 */
export class OperatorDoor extends EventEmitter<{ opened: [socket: TLSSocket] }> {
  readonly counters = { opened: 0, refused: 0, expelled: 0, crowdedOut: 0 };
  private readonly server: Server;
  /** By address and port, in the order in which they came. */
  private readonly unproven = new Map<string, Socket>();
  private readonly operators = new Map<Socket, Operator>();

  constructor(private readonly options: DoorOptions) {
    super();
    const { identity, authorityPem } = options;
    this.server = createServer({
      cert: identity.certificatePem,
      key: identity.privateKeyPem,
      ca: authorityPem,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
      handshakeTimeout: HANDSHAKE_MS,
      ALPNProtocols: ['http/1.1'],
    });
    this.server.on('secureConnection', (socket) => void this.check(socket));
    this.server.on('tlsClientError', (error, socket) => this.failed(error, socket));
  }

  /**
   * Begins the handshake on a connection that the first lock let through. Who only holds connections, and shows no
   * certificate, keeps nobody out: a handshake takes moments, so the oldest that is not through is the one to give up.
   */
  admit(socket: Socket): void {
    const peer = peerOf(socket);
    this.unproven.set(peer, socket);
    socket.once('close', () => this.proven(peer, socket));
    this.server.emit('connection', socket);
    const [oldest] = this.unproven;
    if (this.unproven.size <= MAX_UNPROVEN || oldest === undefined) return;
    const [oldestPeer, crowded] = oldest;
    this.counters.crowdedOut += 1;
    this.refuse(plainAddress(crowded.remoteAddress ?? 'unknown'), null, 'too many handshakes at once', {});
    this.proven(oldestPeer, crowded);
    crowded.resetAndDestroy();
  }

  /** Whose connection this is; undefined for one that is not open (any more). */
  operatorOf(socket: Socket): Operator | undefined {
    return this.operators.get(socket);
  }

  /** Ends connections whose certificate was revoked, or has expired, since they were opened. */
  async expel(): Promise<void> {
    const serials = [...new Set([...this.operators.values()].map(({ serial }) => serial))];
    if (serials.length === 0) return;
    const inForce = await this.options.inForceAmong(serials);
    for (const [socket, operator] of this.operators) {
      if (inForce.has(operator.serial)) continue;
      this.counters.expelled += 1;
      this.refuse(operator.address, operator.name, 'a certificate that is no longer in force', {
        serial: operator.serial,
      });
      socket.destroy();
    }
  }

  private async check(socket: TLSSocket): Promise<void> {
    // Whatever ends the connection while we ask ends the asking as well.
    socket.on('error', () => undefined);
    const operator = operatorFrom(socket);
    try {
      const inForce =
        operator !== undefined && (await this.options.inForceAmong([operator.serial])).has(operator.serial);
      if (socket.destroyed) return;
      if (!operator || !inForce) {
        const serial = operator?.serial ?? '';
        this.refuse(
          operator?.address ?? addressOf(socket),
          operator?.name ?? null,
          'a certificate that is revoked or not known',
          { serial },
        );
        socket.destroy();
        return;
      }
    } catch {
      // Without the database nobody can tell: nobody comes in.
      socket.destroy();
      return;
    }
    const own = [...this.operators.values()].filter(({ serial }) => serial === operator.serial).length;
    if (own >= MAX_EACH) {
      this.refuse(operator.address, operator.name, 'too many connections of one certificate', {
        serial: operator.serial,
      });
      socket.destroy();
      return;
    }
    this.counters.opened += 1;
    this.unproven.delete(peerOf(socket));
    this.operators.set(socket, operator);
    socket.once('close', () => this.operators.delete(socket));
    this.emit('opened', socket);
  }

  /** Its place may be another connection's by now. */
  private proven(peer: string, socket: Socket): void {
    if (this.unproven.get(peer) === socket) this.unproven.delete(peer);
  }

  private failed(error: Error, socket: TLSSocket): void {
    const { authorizationError } = socket;
    const code = 'code' in error ? String(error.code) : 'error';
    // A connection that only came and went, such as a port scan or a browser that asks its user, refused nothing.
    const isHangUp = !authorizationError && (code === 'ECONNRESET' || code === 'EPIPE');
    if (isHangUp) return;
    const why = authorizationError ? String(authorizationError) : code;
    this.refuse(addressOf(socket), null, REASONS[why] ?? 'no acceptable handshake', { code: why });
  }

  private refuse(address: string, actor: string | null, target: string, detail: Refusal['detail']): void {
    this.counters.refused += 1;
    this.options.refused({ address, actor, action: 'tls.refuse', target, detail });
  }
}

/** The errors of OpenSSL and Node that operators meet, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'no certificate',
  CERT_HAS_EXPIRED: 'an expired certificate',
  CERT_NOT_YET_VALID: 'a certificate that is not valid yet',
  INVALID_PURPOSE: 'a certificate that is not for clients',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'a certificate of another authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'a certificate of another authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'a certificate of another authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'a certificate of another authority',
  CERT_SIGNATURE_FAILURE: 'a certificate of another authority',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'an older version of TLS',
  ERR_SSL_HTTP_REQUEST: 'HTTP without TLS',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'no handshake in time',
};

/** The other end of a connection, the same for a socket and for TLS on it. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? ''}`;
}

function operatorFrom(socket: TLSSocket): Operator | undefined {
  const certificate = socket.getPeerX509Certificate();
  const { CN: name } = socket.getPeerCertificate().subject ?? {};
  if (!socket.authorized || !certificate || typeof name !== 'string') return undefined;
  return {
    name,
    serial: certificate.serialNumber.toLowerCase(),
    certificateExpiresAt: Date.parse(certificate.validTo),
    address: addressOf(socket),
  };
}

/**
 * Where a connection comes from, also after it has ended. A refused handshake leaves a socket that has forgotten its address;
 * the one beneath, which the first lock asked for it, still knows.
 */
function addressOf(socket: TLSSocket): string {
  const beneath: unknown = Reflect.get(socket, '_parent');
  const known =
    typeof beneath === 'object' && beneath !== null
      ? (Reflect.get(beneath, 'remoteAddress') as unknown)
      : undefined;
  const address = socket.remoteAddress ?? known;
  return typeof address === 'string' ? plainAddress(address) : 'unknown';
}
