import type { MigrationInterface, QueryRunner } from 'typeorm';
import { postgres, sqlite } from '../sql/dialect.js';

/** Columns of `game_match` as {@link Initial} made them, but for the check on `state` and the foreign keys. */
const GAME_MATCH = {
  id: 'text PRIMARY KEY NOT NULL',
  queue: 'text NOT NULL',
  state: 'text NOT NULL',
  server_id: 'text NOT NULL',
  attempt: 'integer NOT NULL',
  previous_servers: 'text NOT NULL',
  rules_digest: 'text NOT NULL',
  created_at: 'bigint NOT NULL',
  state_since: 'bigint NOT NULL',
  reserve_expires_at: 'bigint NOT NULL',
  allow_acked_at: 'bigint',
  started_at: 'bigint',
  ended_at: 'bigint',
  end_reason: 'text',
  result: 'text',
  result_digest: 'text',
  rated_at: 'bigint',
  server_lost_at: 'bigint',
} as const;

const REFERENCES = { server_id: 'game_server (id)', rules_digest: 'match_rules (digest)' } as const;

const FINISHED_HAS_RESULT = `CHECK (state <> 'finished' OR (result IS NOT NULL AND result_digest IS NOT NULL AND rated_at IS NOT NULL))`;

const LIVE = `'reserving', 'ready', 'running'`;
const ENDED = `'finished', 'abandoned', 'cancelled'`;

const live = (states: string): string =>
  `CREATE INDEX game_match_live ON game_match (server_id) WHERE state IN (${states})`;
/** Indexes that a rebuilt table lost and that stay as they were. */
const OTHER_INDEXES = [
  `CREATE INDEX game_match_changed ON game_match (state_since) WHERE state <> 'reserving'`,
  `CREATE INDEX game_match_lost ON game_match (server_lost_at) WHERE server_lost_at IS NOT NULL`,
];

/**
 * Ready checks: the state `checking`, and of every player of such a match when he was told and what he answered. Cooldowns
 * of accounts, and by whose word who was punished for leaving. Matches lose their foreign keys, which took two thirds of the
 * time of their insertion; `createMany`, which alone inserts them, looks the servers up once. Taking it back calls the
 * open checks off.
 */
export class ReadyCheck implements MigrationInterface {
  readonly name = 'ReadyCheck1763816400000';

  async up(runner: QueryRunner): Promise<void> {
    const dialect = dialectOf(runner);
    const statements = [
      ...(dialect.name === 'postgres' ? withoutReferences() : []),
      ...allowing(dialect.name, `'checking', ${LIVE}`, {}),
      `CREATE INDEX game_match_checking ON game_match (reserve_expires_at) WHERE state = 'checking'`,
      `ALTER TABLE match_player ADD COLUMN proposed_at bigint`,
      `ALTER TABLE match_player ADD COLUMN answer integer`,
      `CREATE TABLE penalty (
        account_id text PRIMARY KEY NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        level double precision NOT NULL,
        until bigint NOT NULL,
        changed_at bigint NOT NULL
      )${dialect.clusteredByKey}`,
      `CREATE INDEX penalty_changed ON penalty (changed_at)`,
      `CREATE TABLE leave_fault (
        server_id text NOT NULL,
        account_id text NOT NULL,
        at bigint NOT NULL,
        PRIMARY KEY (server_id, account_id)
      )${dialect.clusteredByKey}`,
      `CREATE INDEX leave_fault_at ON leave_fault (at)`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      'DROP TABLE leave_fault',
      'DROP TABLE penalty',
      'ALTER TABLE match_player DROP COLUMN answer',
      'ALTER TABLE match_player DROP COLUMN proposed_at',
      `UPDATE queue_entry SET match_id = NULL
       WHERE match_id IN (SELECT m.id FROM game_match m WHERE m.state = 'checking')`,
      `UPDATE game_match SET state = 'cancelled', ended_at = state_since, end_reason = 'the ready check was taken back'
       WHERE state = 'checking'`,
      'DROP INDEX game_match_checking',
      ...allowing(dialectOf(runner).name, LIVE, REFERENCES),
      ...(dialectOf(runner).name === 'postgres' ? withReferences() : []),
    ];
    for (const statement of statements) await runner.query(statement);
  }
}

function dialectOf(runner: QueryRunner): typeof sqlite {
  return runner.connection.options.type === 'postgres' ? postgres : sqlite;
}

function withoutReferences(): string[] {
  return Object.keys(REFERENCES).map(
    (column) => `ALTER TABLE game_match DROP CONSTRAINT game_match_${column}_fkey`,
  );
}

function withReferences(): string[] {
  return Object.entries(REFERENCES).map(
    ([column, target]) =>
      `ALTER TABLE game_match ADD CONSTRAINT game_match_${column}_fkey FOREIGN KEY (${column}) REFERENCES ${target}`,
  );
}

/** Has `game_match` allow these live states. SQLite cannot change a table's constraints: the table is made anew, with `references`. */
function allowing(
  database: 'sqlite' | 'postgres',
  states: string,
  references: Readonly<Partial<Record<string, string>>>,
): string[] {
  const check = `CHECK (state IN (${states}, ${ENDED}))`;
  if (database === 'postgres') {
    return [
      'DROP INDEX game_match_live',
      `ALTER TABLE game_match DROP CONSTRAINT game_match_state_check, ADD CONSTRAINT game_match_state_check ${check}`,
      live(states),
    ];
  }
  const names = Object.keys(GAME_MATCH).join(', ');
  const columns = Object.entries(GAME_MATCH).map(([name, type]) => {
    const target = references[name];
    const reference = target === undefined ? '' : ` REFERENCES ${target}`;
    return `${name} ${type}${name === 'state' ? ` ${check}` : reference}`;
  });
  return [
    `CREATE TABLE game_match_new (${columns.join(', ')}, ${FINISHED_HAS_RESULT})`,
    `INSERT INTO game_match_new (${names}) SELECT ${names} FROM game_match`,
    'DROP TABLE game_match',
    'ALTER TABLE game_match_new RENAME TO game_match',
    live(states),
    ...OTHER_INDEXES,
  ];
}
