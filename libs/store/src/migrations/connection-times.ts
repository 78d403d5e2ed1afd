import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When the newest connection of a peer was opened, so that a note of an older one that comes late changes nothing, and rows
 * of peers that are gone for long can be found. Connections noted before count as older than any.
 */
export class ConnectionTimes implements MigrationInterface {
  readonly name = 'ConnectionTimes1763809200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE peer_connection ADD COLUMN opened_at bigint NOT NULL DEFAULT 0');
    await runner.query('CREATE INDEX peer_connection_opened ON peer_connection (opened_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX peer_connection_opened');
    await runner.query('ALTER TABLE peer_connection DROP COLUMN opened_at');
  }
}
