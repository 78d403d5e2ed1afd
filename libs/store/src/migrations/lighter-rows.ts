import type { MigrationInterface, QueryRunner } from 'typeorm';
import { sqlite } from '../sql/dialect.js';

/** Columns of `match_player` that stay, as {@link Initial} and {@link RatingModels} made them. */
const MATCH_PLAYER = {
  match_id: 'text NOT NULL',
  id: 'text NOT NULL',
  account_id: 'text NOT NULL',
  team: 'integer NOT NULL',
  position: 'integer NOT NULL',
  queued_at: 'bigint NOT NULL',
  token_generation: 'integer NOT NULL DEFAULT 0',
  allowed_generation: 'integer NOT NULL DEFAULT -1',
  found_sent_at: 'bigint',
  ended_at: 'bigint',
  report_due: 'integer NOT NULL DEFAULT 0',
  reported_at: 'bigint',
  requeued: 'integer',
  rank: 'integer',
  score: 'double precision',
  mu_before: 'double precision',
  sigma_before: 'double precision',
  mu_after: 'double precision',
  sigma_after: 'double precision',
  play_fraction: 'double precision',
  stats: 'text',
  volatility_before: 'double precision',
  volatility_after: 'double precision',
  idle_ms: 'bigint',
  tier_before: 'text',
  tier_after: 'text',
} as const;

const QUEUE_ENTRY = {
  account_id: 'text PRIMARY KEY NOT NULL REFERENCES account (id)',
  queue: 'text NOT NULL',
  joined_at: 'bigint NOT NULL',
  last_seen: 'bigint NOT NULL',
  match_id: 'text',
} as const;

const MATCH_PLAYER_INDEXES = [
  `CREATE INDEX match_player_history ON match_player (account_id, ended_at, match_id) WHERE ended_at IS NOT NULL`,
  `CREATE INDEX match_player_unreported ON match_player (account_id) WHERE report_due = 1`,
];
const QUEUE_ENTRY_INDEXES = [
  `CREATE INDEX queue_entry_waiting ON queue_entry (queue, joined_at) WHERE match_id IS NULL`,
];

/** A table that SQLite is to make anew, since it can neither drop a foreign key nor add one. */
interface Rebuild {
  readonly table: string;
  readonly columns: Readonly<Record<string, string>>;
  /** What stands after the columns, beginning with a comma. */
  readonly constraints: string;
  readonly indexes: readonly string[];
  /** What a column is filled with that the old table lacks; the old table's alias is `o`. */
  readonly filled: Readonly<Record<string, string>>;
  /** Follows `FROM <old table> o`. */
  readonly joins: string;
}

const NAME = { name: 'text NOT NULL' } as const;
const NAME_OF_ACCOUNT = { filled: { name: 'a.display_name' } } as const;
const ACCOUNT = 'JOIN account a ON a.id = o.account_id';

const LIGHTER: readonly Rebuild[] = [
  {
    table: 'queue_entry',
    columns: QUEUE_ENTRY,
    constraints: '',
    indexes: QUEUE_ENTRY_INDEXES,
    filled: {},
    joins: '',
  },
  {
    table: 'match_player',
    columns: MATCH_PLAYER,
    constraints: ', PRIMARY KEY (match_id, id)',
    indexes: MATCH_PLAYER_INDEXES,
    filled: {},
    joins: '',
  },
];

const HEAVIER: readonly Rebuild[] = [
  {
    table: 'queue_entry',
    columns: { ...QUEUE_ENTRY, ...NAME },
    constraints: '',
    indexes: QUEUE_ENTRY_INDEXES,
    ...NAME_OF_ACCOUNT,
    joins: ACCOUNT,
  },
  {
    table: 'match_player',
    columns: {
      ...MATCH_PLAYER,
      ...NAME,
      match_id: 'text NOT NULL REFERENCES game_match (id) ON DELETE CASCADE',
      account_id: 'text NOT NULL REFERENCES account (id)',
    },
    constraints: ', PRIMARY KEY (match_id, id)',
    indexes: MATCH_PLAYER_INDEXES,
    ...NAME_OF_ACCOUNT,
    joins: `${ACCOUNT} JOIN game_match m ON m.id = o.match_id`,
  },
];

/** IF EXISTS: a database made between two releases has the lighter tables from the start. */
const LIGHTER_POSTGRES = [
  `ALTER TABLE queue_entry DROP COLUMN IF EXISTS name`,
  `ALTER TABLE match_player DROP COLUMN IF EXISTS name,
     DROP CONSTRAINT IF EXISTS match_player_match_id_fkey,
     DROP CONSTRAINT IF EXISTS match_player_account_id_fkey`,
];

const HEAVIER_POSTGRES = [
  `ALTER TABLE queue_entry ADD COLUMN name text`,
  `UPDATE queue_entry o SET name = a.display_name FROM account a WHERE a.id = o.account_id`,
  `ALTER TABLE queue_entry ALTER COLUMN name SET NOT NULL`,
  `DELETE FROM match_player o WHERE NOT EXISTS (SELECT FROM account a WHERE a.id = o.account_id)
     OR NOT EXISTS (SELECT FROM game_match m WHERE m.id = o.match_id)`,
  `ALTER TABLE match_player ADD COLUMN name text`,
  `UPDATE match_player o SET name = a.display_name FROM account a WHERE a.id = o.account_id`,
  `ALTER TABLE match_player ALTER COLUMN name SET NOT NULL,
     ADD CONSTRAINT match_player_match_id_fkey FOREIGN KEY (match_id) REFERENCES game_match (id) ON DELETE CASCADE,
     ADD CONSTRAINT match_player_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id)`,
];

/**
 * Rows that a tick writes by the thousand carry less: no display name, which the account has, and no foreign keys from a
 * match's players. Taking it back fills the names in from the accounts and drops players whose match or account is gone.
 */
export class LighterRows implements MigrationInterface {
  readonly name = 'LighterRows1763805600000';

  up(runner: QueryRunner): Promise<void> {
    return change(runner, LIGHTER_POSTGRES, LIGHTER);
  }

  down(runner: QueryRunner): Promise<void> {
    return change(runner, HEAVIER_POSTGRES, HEAVIER);
  }
}

async function change(
  runner: QueryRunner,
  onPostgres: readonly string[],
  onSqlite: readonly Rebuild[],
): Promise<void> {
  const isPostgres = runner.connection.options.type === 'postgres';
  const statements = isPostgres ? onPostgres : onSqlite.flatMap(rebuilding);
  for (const statement of statements) await runner.query(statement);
}

function rebuilding({ table, columns, constraints, indexes, filled, joins }: Rebuild): string[] {
  const names = Object.keys(columns);
  const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  return [
    `CREATE TABLE ${table}_new (${definitions.join(', ')}${constraints})${sqlite.clusteredByKey}`,
    `INSERT INTO ${table}_new (${names.join(', ')})
     SELECT ${names.map((name) => filled[name] ?? `o.${name}`).join(', ')} FROM ${table} o ${joins}`,
    `DROP TABLE ${table}`,
    `ALTER TABLE ${table}_new RENAME TO ${table}`,
    ...indexes,
  ];
}
