import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = [
  'id text PRIMARY KEY NOT NULL',
  'queue text NOT NULL',
  'state text NOT NULL',
  'server_id text NOT NULL',
  'attempt integer NOT NULL',
  'previous_servers text NOT NULL',
  'rules_digest text NOT NULL',
  'created_at bigint NOT NULL',
  'state_since bigint NOT NULL',
  'reserve_expires_at bigint NOT NULL',
  'allow_acked_at bigint',
  'started_at bigint',
  'ended_at bigint',
  'end_reason text',
  'result text',
  'result_digest text',
  'rated_at bigint',
  'server_lost_at bigint',
];

/** What of `game_match` changes: the check on `state`, and the indexes of the matches that are live or not begun. */
interface Shape {
  readonly check: string;
  readonly indexes: readonly string[];
}

const LIVE = `'checking', 'reserving', 'ready', 'running'`;
const ENDED = `'finished', 'abandoned', 'cancelled'`;

const BY_STATE: Shape = {
  check: `CHECK (state IN (${LIVE}, ${ENDED}))`,
  indexes: [
    `CREATE INDEX game_match_live ON game_match (server_id) WHERE state IN (${LIVE})`,
    `CREATE INDEX game_match_checking ON game_match (reserve_expires_at) WHERE state = 'checking'`,
  ],
};

/** `reserving`, which every new match is, is compared first: SQLite looks each list of an IN up in a table. */
const BY_END: Shape = {
  check: `CHECK (ended_at IS NULL AND (state = 'reserving' OR state IN ('checking', 'ready', 'running'))
    OR ended_at IS NOT NULL AND state IN (${ENDED}))`,
  indexes: [
    `CREATE INDEX game_match_live ON game_match (server_id, ended_at) WHERE ended_at IS NULL`,
    `CREATE INDEX game_match_pending ON game_match (reserve_expires_at) WHERE started_at IS NULL AND ended_at IS NULL`,
  ],
};

/**
 * A match is live while it has no end: the indexes and the check of the state ask for that instead of comparing the state with four texts,
 * which made up half of the time in which SQLite inserts a match. And matches whose time is over are found by an index, where every live one
 * was looked at. `ended_at` is in the index of the live ones, so that those of a server are counted in the index alone.
 */
export class MatchIndexes implements MigrationInterface {
  readonly name = 'MatchIndexes1763840000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE game_match SET ended_at = CASE WHEN state IN (${LIVE}) THEN NULL ELSE state_since END
       WHERE (ended_at IS NULL) <> (state IN (${LIVE}))`,
    );
    await reshape(runner, BY_END, ['game_match_live', 'game_match_checking']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await reshape(runner, BY_STATE, ['game_match_live', 'game_match_pending']);
  }
}

async function reshape(
  runner: QueryRunner,
  { check, indexes }: Shape,
  dropped: readonly string[],
): Promise<void> {
  const isPostgres = runner.connection.options.type === 'postgres';
  const statements = isPostgres
    ? [
        ...dropped.map((index) => `DROP INDEX ${index}`),
        'ALTER TABLE game_match DROP CONSTRAINT game_match_state_check',
        `ALTER TABLE game_match ADD CONSTRAINT game_match_state_check ${check}`,
        ...indexes,
      ]
    : [...rebuilding(check), ...indexes];
  for (const statement of statements) await runner.query(statement);
}

/** SQLite cannot change a table's checks: the table is made anew, and loses its indexes. */
function rebuilding(check: string): string[] {
  return [
    `CREATE TABLE game_match_new (${COLUMNS.join(', ')}, ${check},
       CHECK (state <> 'finished' OR (result IS NOT NULL AND result_digest IS NOT NULL AND rated_at IS NOT NULL)))`,
    'INSERT INTO game_match_new SELECT * FROM game_match',
    'DROP TABLE game_match',
    'ALTER TABLE game_match_new RENAME TO game_match',
    `CREATE INDEX game_match_changed ON game_match (state_since) WHERE state <> 'reserving'`,
    `CREATE INDEX game_match_lost ON game_match (server_lost_at) WHERE server_lost_at IS NOT NULL`,
  ];
}
