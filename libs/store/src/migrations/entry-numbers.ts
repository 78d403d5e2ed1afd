import type { MigrationInterface, QueryRunner } from 'typeorm';
import { sqlite } from '../sql/dialect.js';

const COLUMNS = {
  queue: 'text NOT NULL',
  joined_at: 'bigint NOT NULL',
  last_seen: 'bigint NOT NULL',
  match_id: 'text',
  party_id: 'text',
  latencies: 'text',
  roles: 'text',
  last_opponents: 'text',
  blocks: 'integer NOT NULL DEFAULT 0',
  ahead: 'integer NOT NULL DEFAULT 0',
} as const;
const NAMES = ['account_id', ...Object.keys(COLUMNS)].join(', ');

/**
 * A number for every queue entry. In SQLite it is where the row lies: a tick that takes thousands finds each by its number
 * in half the time that it took by account.
 */
export class EntryNumbers implements MigrationInterface {
  readonly name = 'EntryNumbers1763840000003';

  async up(runner: QueryRunner): Promise<void> {
    if (isPostgres(runner)) {
      await runner.query(
        'ALTER TABLE queue_entry ADD COLUMN entry_no bigint NOT NULL GENERATED ALWAYS AS IDENTITY',
      );
      return;
    }
    await rebuild(
      runner,
      ['entry_no integer PRIMARY KEY NOT NULL', 'account_id text UNIQUE NOT NULL REFERENCES account (id)'],
      '',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    if (isPostgres(runner)) await runner.query('ALTER TABLE queue_entry DROP COLUMN entry_no');
    else
      await rebuild(
        runner,
        ['account_id text PRIMARY KEY NOT NULL REFERENCES account (id)'],
        sqlite.clusteredByKey,
      );
  }
}

function isPostgres(runner: QueryRunner): boolean {
  return runner.connection.options.type === 'postgres';
}

/** SQLite cannot change a table's key. */
async function rebuild(runner: QueryRunner, keys: readonly string[], after: string): Promise<void> {
  const columns = [...keys, ...Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`)];
  const statements = [
    `CREATE TABLE queue_entry_new (${columns.join(', ')})${after}`,
    `INSERT INTO queue_entry_new (${NAMES}) SELECT ${NAMES} FROM queue_entry ORDER BY joined_at, account_id`,
    'DROP TABLE queue_entry',
    'ALTER TABLE queue_entry_new RENAME TO queue_entry',
    'CREATE INDEX queue_entry_waiting ON queue_entry (queue, joined_at) WHERE match_id IS NULL',
    'CREATE INDEX queue_entry_party ON queue_entry (party_id) WHERE party_id IS NOT NULL',
    'CREATE INDEX queue_entry_blocking ON queue_entry (queue) WHERE blocks > 0',
  ];
  for (const statement of statements) await runner.query(statement);
}
