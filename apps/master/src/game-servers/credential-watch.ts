import { Inject, Injectable } from '@nestjs/common';
import { accounts, certificates, sessions, settings, type Store } from '@ranked/store';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { Clock } from '../clock/clock.js';
import { MasterKeys } from '../keys/master-keys.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';

/** Players asked about in one statement. */
const CHUNK = 2_000;

/** What the rows say of those who are connected here. */
interface Verdicts {
  certificates: string[];
  sessions: string[];
  bans: string[];
  masterKeyId: string | null;
}

/**
 * Ends connections whose credential is no longer good: revoked or expired certificates, certificates of another
 * master key after a rotation, logged-out or expired tickets, banned accounts. It asks the rows about those
 * who are connected, so it matters neither which process changed a row nor what that process's clock said.
 */
@Injectable()
export class CredentialWatch {
  readonly counters = { revoked: 0, expired: 0, rotated: 0, loggedOut: 0, banned: 0 };

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly keys: MasterKeys,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** One look. To be repeated at most half a second after it ended. */
  async check(): Promise<void> {
    const now = this.clock.now();
    this.closeExpired(now);
    const verdicts = await this.ask();
    this.followMasterKey(verdicts.masterKeyId);
    this.closeRevoked(verdicts.certificates);
    this.closeLoggedOut(verdicts.sessions);
    this.closeBanned(verdicts.bans);
  }

  private ask(): Promise<Verdicts> {
    const servers = [...this.registry.servers()].map(({ peer }) => peer.certificateId);
    const players = [...this.registry.players()].map(({ peer }) => peer);
    return this.store.read(async (tx) => {
      const ended: string[] = [];
      const banned: string[] = [];
      for (let i = 0; i < players.length; i += CHUNK) {
        const part = players.slice(i, i + CHUNK);
        ended.push(
          ...(await sessions.endedAmong(
            tx,
            part.map(({ ticketId }) => ticketId),
          )),
        );
        banned.push(
          ...(await accounts.bannedAmong(
            tx,
            part.map(({ accountId }) => accountId),
          )),
        );
      }
      return {
        certificates: await certificates.revokedAmong(tx, servers),
        sessions: ended,
        bans: banned,
        masterKeyId: await settings.masterKeyId(tx),
      };
    });
  }

  private closeExpired(now: number): void {
    for (const connection of this.registry.servers()) {
      if (connection.isOpen && connection.peer.expiresAt <= now) {
        this.counters.expired += 1;
        connection.close('expired', 'the certificate has expired');
      }
    }
    for (const connection of this.registry.players()) {
      if (connection.isOpen && connection.peer.expiresAt <= now) {
        this.counters.expired += 1;
        connection.close('expired', 'the ticket has expired');
      }
    }
  }

  private closeRevoked(uuids: readonly string[]): void {
    for (const uuid of uuids) {
      const connection = this.registry.server(uuid);
      if (!connection?.isOpen) continue;
      this.counters.revoked += 1;
      this.log.warn({ certificateId: uuid }, 'the certificate was revoked: its connection is closed');
      connection.close('revoked', 'the certificate was revoked');
    }
  }

  private closeLoggedOut(ticketIds: readonly string[]): void {
    if (ticketIds.length === 0) return;
    const ended = new Set(ticketIds);
    for (const connection of this.registry.players()) {
      if (!connection.isOpen || !ended.has(connection.peer.ticketId)) continue;
      this.counters.loggedOut += 1;
      connection.close('revoked', 'the ticket was revoked');
    }
  }

  private closeBanned(accountIds: readonly string[]): void {
    for (const accountId of accountIds) {
      const connection = this.registry.player(accountId);
      if (!connection?.isOpen) continue;
      this.counters.banned += 1;
      connection.close('banned', 'the account is banned');
    }
  }

  /** After a rotation every certificate of the old key is void, whether or not the new key file is there yet. */
  private followMasterKey(keyId: string | null): void {
    if (keyId === null) return;
    try {
      if (this.keys.reloadIfChanged(keyId)) this.log.warn({ keyId }, 'the master key was rotated');
    } catch (error) {
      this.log.error(
        { err: error, keyId },
        'the new master key cannot be read: no handshake will succeed until it can',
      );
    }
    for (const connection of this.registry.servers()) {
      if (!connection.isOpen || connection.peer.masterKeyId === keyId) continue;
      this.counters.rotated += 1;
      connection.close('not_signed', 'the certificate is not signed by the present master key');
    }
  }
}
