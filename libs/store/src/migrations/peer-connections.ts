import type { MigrationInterface, QueryRunner } from 'typeorm';
import { postgres, sqlite } from '../sql/dialect.js';

/** The newest connection of each peer, so that a node of a cluster sees that a peer of its own has gone to another one. */
export class PeerConnections implements MigrationInterface {
  readonly name = 'PeerConnections1763802000000';

  async up(runner: QueryRunner): Promise<void> {
    const dialect = runner.connection.options.type === 'postgres' ? postgres : sqlite;
    await runner.query(
      `CREATE TABLE peer_connection (
        peer_id text PRIMARY KEY NOT NULL,
        connection_id text NOT NULL
      )${dialect.clusteredByKey}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE peer_connection');
  }
}
