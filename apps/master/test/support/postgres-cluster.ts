import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** Databases in the PostgreSQL server of the run. */
export interface PostgresCluster {
  /** Makes an empty database and gives its URL. Another file may give the same name. */
  createDatabase(name: string): Promise<string>;
  /** Drops the databases that were made here. */
  stop(): Promise<void>;
}

/** The part of the run's PostgreSQL that belongs to one test file. */
export async function startPostgres(): Promise<PostgresCluster> {
  const base = process.env['RANKED_TEST_POSTGRES'];
  if (base === undefined) throw new Error('the global set-up did not start PostgreSQL');
  const client = new pg.Client({ connectionString: `${base}postgres` });
  await client.connect();
  const made: string[] = [];
  return {
    async createDatabase(name) {
      const unique = `${name}_${randomUUID().replaceAll('-', '')}`;
      await client.query(`CREATE DATABASE ${unique}`);
      made.push(unique);
      return base + unique;
    },
    async stop() {
      for (const name of made) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await client.end();
    },
  };
}
