import type { MigrationInterface, QueryRunner } from 'typeorm';
import { postgres, sqlite } from '../sql/dialect.js';

/** What the operators' dashboard needs: its audit log, its certificates, samples for plots, voided matches, drained servers. */
export class AuditLog implements MigrationInterface {
  readonly name = 'AuditLog1763820000000';

  async up(runner: QueryRunner): Promise<void> {
    const dialect = runner.connection.options.type === 'postgres' ? postgres : sqlite;
    const statements = [
      `CREATE TABLE audit_entry (
        id bigint PRIMARY KEY NOT NULL,
        at bigint NOT NULL,
        address text NOT NULL,
        actor text,
        action text NOT NULL,
        target text NOT NULL,
        result text NOT NULL CHECK (result IN ('done', 'refused', 'failed')),
        detail text NOT NULL,
        count integer NOT NULL,
        mac text NOT NULL
      )`,
      `CREATE TABLE operator_certificate (
        serial text PRIMARY KEY NOT NULL,
        name text NOT NULL,
        issued_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        created_at bigint NOT NULL,
        revoked_at bigint,
        revoke_reason text
      )`,
      `CREATE TABLE metric_sample (
        at bigint NOT NULL,
        node_id text NOT NULL,
        sample text NOT NULL,
        PRIMARY KEY (at, node_id)
      )${dialect.clusteredByKey}`,
      `CREATE TABLE match_void (
        match_id text PRIMARY KEY NOT NULL,
        queue text NOT NULL,
        reason text NOT NULL,
        requested_at bigint NOT NULL,
        claimed_at bigint,
        done_at bigint,
        error text
      )`,
      `CREATE INDEX match_void_open ON match_void (requested_at) WHERE done_at IS NULL AND error IS NULL`,
      `ALTER TABLE game_server ADD COLUMN draining_since bigint`,
      `CREATE INDEX server_command_created ON server_command (created_at)`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      'DROP INDEX server_command_created',
      'ALTER TABLE game_server DROP COLUMN draining_since',
      'DROP TABLE match_void',
      'DROP TABLE metric_sample',
      'DROP TABLE operator_certificate',
      'DROP TABLE audit_entry',
    ];
    for (const statement of statements) await runner.query(statement);
  }
}
