import type { MigrationInterface, QueryRunner } from 'typeorm';
import { postgres, sqlite } from '../sql/dialect.js';

/** Indexes for looking players up: by the beginning of a login or display name, and those who are banned. */
export class PlayerSearch implements MigrationInterface {
  readonly name = 'PlayerSearch1763830000000';

  async up(runner: QueryRunner): Promise<void> {
    const { bytewise, name } = runner.connection.options.type === 'postgres' ? postgres : sqlite;
    const statements = [
      `CREATE INDEX account_display_name ON account (${bytewise('lower(display_name)')})`,
      // On SQLite the unique index goes by bytes already.
      ...(name === 'postgres'
        ? [`CREATE INDEX account_username_bytes ON account (${bytewise('username_key')})`]
        : []),
      `CREATE INDEX account_banned ON account (banned_until) WHERE banned_until IS NOT NULL`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['account_banned', 'account_username_bytes', 'account_display_name'])
      await runner.query(`DROP INDEX IF EXISTS ${name}`);
  }
}
