import { Inject, Injectable } from '@nestjs/common';
import { MsgType, type ServiceNotice } from '@ranked/protocol';
import { settings, type Maintenance, type Store } from '@ranked/store';
import type { Connection } from '../channel/connection.js';
import type { PlayerPeer } from '../channel/peer.js';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { STORE } from '../store/store.module.js';
import { inTurns } from './in-turns.js';

/** Tells players when the service closes for maintenance, when its message changes, and when it is open again. */
@Injectable()
export class MaintenanceNotices {
  readonly counters = { sent: 0 };
  /** As the players here were told it last. */
  private told: Maintenance = { on: false, message: null };

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
  ) {
    registry.onOpen(({ peer }) => {
      const connection = peer.kind === 'player' ? registry.player(peer.accountId) : undefined;
      if (connection && this.told.on) this.send(connection);
    });
  }

  /** Looks at the switch, and tells everybody here if it has changed, whoever changed it. */
  async follow(): Promise<void> {
    const now = await this.store.read((tx) => settings.maintenanceNotice(tx));
    if (now.on === this.told.on && now.message === this.told.message) return;
    this.told = now;
    for await (const connection of inTurns(this.registry.players())) this.send(connection);
  }

  private send(connection: Connection<PlayerPeer>): void {
    const { on, message } = this.told;
    const notice: ServiceNotice = { maintenance: on, ...(message !== null && { message }) };
    if (connection.isOpen && connection.send(MsgType.ServiceNotice, notice)) this.counters.sent += 1;
  }
}
