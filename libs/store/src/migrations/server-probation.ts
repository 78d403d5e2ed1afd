import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How many matches a game server has finished since it failed last, and when the latest of them was counted. A server that has
 * finished any before counts as proven.
 */
export class ServerProbation implements MigrationInterface {
  readonly name = 'ServerProbation1763840000000';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      'ALTER TABLE game_server ADD COLUMN proven_matches integer NOT NULL DEFAULT 0',
      'ALTER TABLE game_server ADD COLUMN proven_at bigint',
      `UPDATE game_server SET proven_matches = 5
       WHERE id IN (SELECT m.server_id FROM game_match m WHERE m.state = 'finished')`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of ['proven_at', 'proven_matches']) {
      await runner.query(`ALTER TABLE game_server DROP COLUMN ${column}`);
    }
  }
}
