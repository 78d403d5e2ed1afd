import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns, by table, of what rating models and ranks need besides mean and deviation. */
const COLUMNS = {
  rating: ['volatility double precision', 'tier text'],
  match_player: [
    'volatility_before double precision',
    'volatility_after double precision',
    'idle_ms bigint',
    'tier_before text',
    'tier_after text',
  ],
} as const;

/**
 * Ratings of models that keep a volatility, the time that a player had not played when he was rated, and the tiers that
 * players see. All may be null: what was written before has none of it.
 */
export class RatingModels implements MigrationInterface {
  readonly name = 'RatingModels1763798400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(COLUMNS)) {
      for (const column of columns) await runner.query(`ALTER TABLE ${table} ADD COLUMN ${column}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(COLUMNS)) {
      for (const column of columns) {
        await runner.query(`ALTER TABLE ${table} DROP COLUMN ${column.split(' ')[0]}`);
      }
    }
  }
}
