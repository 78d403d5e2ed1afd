import { Inject, Injectable } from '@nestjs/common';
import { accounts, queue, sessions, settings, type ReadTx, type Store } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { STORE } from '../store/store.module.js';
import type { Authenticator, FoundCredential } from './authenticator.js';
import type { PlayerPeer } from './peer.js';

/** Knows players by the tickets that logins gave them. */
@Injectable()
export class TicketAuthenticator implements Authenticator<PlayerPeer> {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  async find(id: string): Promise<FoundCredential<PlayerPeer> | undefined> {
    const found = await this.store.read(async (tx) => {
      const row = await sessions.byTicketId(tx, id);
      return row && { ...row, maintenance: await isClosedFor(tx, row.account.id) };
    });
    if (found === null) return undefined;
    const { session, account, ticketKey, maintenance } = found;
    return {
      auth: ticketKey,
      revoked: session.revokedAt !== null,
      expiresAt: session.expiresAt,
      banned: accounts.isBanned(account, this.clock.now()),
      maintenance,
      peerAt: (remoteAddress) => ({
        kind: 'player',
        accountId: account.id,
        ticketId: session.id,
        displayName: account.displayName,
        remoteAddress,
        expiresAt: session.expiresAt,
      }),
    };
  }

  async isStillValid(peer: PlayerPeer): Promise<boolean> {
    const row = await this.store.read((tx) => sessions.byTicketId(tx, peer.ticketId));
    if (row === null || row.session.revokedAt !== null) return false;
    const now = this.clock.now();
    return row.session.expiresAt > now && !accounts.isBanned(row.account, now);
  }
}

/** During maintenance nobody is let in but who has to get back to his match, or it could not be played to its end. */
async function isClosedFor(tx: ReadTx, accountId: string): Promise<boolean> {
  if (!(await settings.maintenance(tx))) return false;
  const entry = await queue.entryOf(tx, accountId);
  return !entry?.matchId;
}
