import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who comes before all others in his queue, since his match was called off. */
export class QueueFront implements MigrationInterface {
  readonly name = 'QueueFront1763840000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE queue_entry ADD COLUMN ahead integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE queue_entry DROP COLUMN ahead');
  }
}
