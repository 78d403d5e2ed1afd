import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, text } from './columns.js';

/** The newest connection of a peer, whichever node holds it. Written where there can be more than one node. */
@Entity('peer_connection')
export class PeerConnection {
  /** A certificate's or an account's UUID. */
  @PrimaryColumn(text) peerId: string;
  @Column(text) connectionId: string;
  /** When it was opened, ms by the database's clock. */
  @Column({ ...bigint, default: 0 }) openedAt: number;
}
