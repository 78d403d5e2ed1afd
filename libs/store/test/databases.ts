import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openStore } from '../src/index.js';
import type { Store, StoreOptions, StoreTarget } from '../src/index.js';

/** The databases that every test of this library runs on. */
export const DIALECTS = ['sqlite', 'postgres'] as const;
export type DialectName = (typeof DIALECTS)[number];

export const DATABASE_KEY = Buffer.alloc(32, 7);
/** A fixed beginning for clocks: 2025-11-22, 08:00 UTC. */
export const START = 1_763_798_400_000;

/** An empty database, and the means to look at it and to throw it away. */
export interface FreshDatabase {
  readonly target: StoreTarget;
  drop(): Promise<void>;
}

/** Makes an empty database: a file in a directory of its own, or a database in the run's cluster. */
export async function freshDatabase(dialect: DialectName): Promise<FreshDatabase> {
  if (dialect === 'sqlite') {
    const directory = await mkdtemp(join(tmpdir(), 'ranked-store-'));
    return {
      target: { kind: 'sqlite', path: join(directory, 'ranked.sqlite') },
      drop: () => rm(directory, { recursive: true, force: true }),
    };
  }
  const base = process.env['RANKED_TEST_POSTGRES'];
  if (base === undefined) throw new Error('the global set-up did not start PostgreSQL');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await administer(`${base}postgres`, `CREATE DATABASE ${name}`);
  return {
    target: { kind: 'postgres', url: base + name, poolSize: 8 },
    drop: async () => {
      await administer(`${base}postgres`, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** A clock that stands still until it is moved. */
export class TestClock {
  constructor(public ms = START) {}
  readonly now = (): number => this.ms;
  advance(ms: number): number {
    this.ms += ms;
    return this.ms;
  }
}

/** Opens a store with the tests' key and a clock that stands at START unless one is given. */
export function open(target: StoreTarget, options: Partial<StoreOptions> = {}): Promise<Store> {
  return openStore(target, { databaseKey: DATABASE_KEY, now: () => START, ...options });
}

/** Runs SQL past the store, to spoil or inspect rows as somebody with the database's password could. */
export async function behindTheStore(target: StoreTarget, sql: string): Promise<Record<string, unknown>[]> {
  if (target.kind === 'postgres') return administer(target.url, sql);
  const { default: sqlite3 } = await import('sqlite3');
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(target.path);
    database.all<Record<string, unknown>>(sql, (error, rows) => {
      database.close(() => {
        if (error) reject(error);
        else resolve(rows);
      });
    });
  });
}

/** Empties the tables, so that tests of a file can share a database. */
export async function clear(target: StoreTarget): Promise<void> {
  const statements = TABLES.map((table) => `DELETE FROM ${table}`);
  if (target.kind === 'postgres') await behindTheStore(target, statements.join('; '));
  else for (const statement of statements) await behindTheStore(target, statement);
}

const TABLES = [
  'leave_fault',
  'penalty',
  'audit_entry',
  'match_void',
  'metric_sample',
  'operator_certificate',
  'server_log',
  'server_command',
  'rating',
  'queue_entry',
  'queue_leftover',
  'player_block',
  'party_invite',
  'party_member',
  'party',
  'match_player',
  'game_match',
  'match_rules',
  'game_server',
  'certificate',
  'session',
  'account',
];

async function administer(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
