import type { MigrationInterface, QueryRunner } from 'typeorm';
import { postgres, sqlite } from '../sql/dialect.js';

/** What an entry of the queue knows besides who waits; none of it is there for most who wait. */
const QUEUE_ENTRY_COLUMNS = {
  party_id: 'text',
  latencies: 'text',
  roles: 'text',
  last_opponents: 'text',
  blocks: 'integer NOT NULL DEFAULT 0',
} as const;

/** Parties and invitations, who does not want to meet whom, and why those who wait are still waiting. */
export class Parties implements MigrationInterface {
  readonly name = 'Parties1763812800000';

  async up(runner: QueryRunner): Promise<void> {
    const { clusteredByKey } = runner.connection.options.type === 'postgres' ? postgres : sqlite;
    const statements = [
      `CREATE TABLE party (
        id text PRIMARY KEY NOT NULL,
        leader_id text NOT NULL,
        queue text,
        note text NOT NULL,
        version integer NOT NULL,
        created_at bigint NOT NULL,
        changed_at bigint NOT NULL,
        ended_at bigint
      )${clusteredByKey}`,
      'CREATE INDEX party_changed ON party (changed_at)',
      `CREATE TABLE party_member (
        account_id text PRIMARY KEY NOT NULL REFERENCES account (id),
        party_id text NOT NULL REFERENCES party (id),
        joined_at bigint NOT NULL,
        online integer NOT NULL,
        last_seen bigint NOT NULL,
        latencies text,
        roles text
      )${clusteredByKey}`,
      'CREATE INDEX party_member_party ON party_member (party_id)',
      `CREATE TABLE party_invite (
        party_id text NOT NULL REFERENCES party (id),
        account_id text NOT NULL REFERENCES account (id),
        inviter_id text NOT NULL,
        hidden integer NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        PRIMARY KEY (party_id, account_id)
      )${clusteredByKey}`,
      'CREATE INDEX party_invite_account ON party_invite (account_id, created_at)',
      'CREATE INDEX party_invite_expiry ON party_invite (expires_at)',
      `CREATE TABLE player_block (
        owner_id text NOT NULL REFERENCES account (id),
        blocked_id text NOT NULL REFERENCES account (id),
        created_at bigint NOT NULL,
        PRIMARY KEY (owner_id, blocked_id)
      )${clusteredByKey}`,
      `CREATE TABLE queue_leftover (
        queue text PRIMARY KEY NOT NULL,
        at bigint NOT NULL,
        waiting integer NOT NULL,
        entries text NOT NULL,
        waits text NOT NULL
      )`,
      ...Object.entries(QUEUE_ENTRY_COLUMNS).map(
        ([column, type]) => `ALTER TABLE queue_entry ADD COLUMN ${column} ${type}`,
      ),
      'CREATE INDEX queue_entry_party ON queue_entry (party_id) WHERE party_id IS NOT NULL',
      'CREATE INDEX queue_entry_blocking ON queue_entry (queue) WHERE blocks > 0',
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX queue_entry_party');
    await runner.query('DROP INDEX queue_entry_blocking');
    for (const column of Object.keys(QUEUE_ENTRY_COLUMNS))
      await runner.query(`ALTER TABLE queue_entry DROP COLUMN ${column}`);
    for (const table of ['queue_leftover', 'player_block', 'party_invite', 'party_member', 'party'])
      await runner.query(`DROP TABLE ${table}`);
  }
}
