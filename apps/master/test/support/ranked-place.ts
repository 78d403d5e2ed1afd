import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyPaths, writeDatabaseKey } from '@ranked/cert/files';
import { openStore, type Store, type StoreTarget } from '@ranked/store';
import { runCommand } from '../../src/command/run-command.js';
import type { Environment } from '../../src/config/load-config.js';
import { tempDir } from './temp-dir.js';

const DATABASE_KEY = Buffer.alloc(32, 9);

/** How a run of `ranked` ended, and what it wrote. */
export interface RankedRun {
  code: number;
  out: string;
  err: string;
}

/** A directory of data with a database key, and a queues file beside it: where the command line `ranked` works. */
export class RankedPlace {
  readonly queuesFile: string;
  readonly target: StoreTarget;
  private readonly env: Environment;

  /** @param url of a PostgreSQL database; a SQLite file in the directory unless given. Neither is made or touched. */
  constructor(queues: string, url?: string) {
    const directory = tempDir();
    const dataDir = join(directory, 'data');
    mkdirSync(dataDir, { mode: 0o700 });
    writeDatabaseKey(keyPaths(dataDir).databaseKey, DATABASE_KEY);
    this.queuesFile = join(directory, 'queues.yaml');
    writeFileSync(this.queuesFile, queues);
    const path = join(dataDir, 'ranked.sqlite');
    this.target = url === undefined ? { kind: 'sqlite', path } : { kind: 'postgres', url };
    this.env = { RANKED_DATA: dataDir, RANKED_QUEUES_FILE: this.queuesFile, RANKED_DATABASE: url ?? path };
  }

  /** The database, made if there is none. */
  openStore(): Promise<Store> {
    return openStore(this.target, { databaseKey: DATABASE_KEY, now: () => Date.now() });
  }

  async run(...argv: string[]): Promise<RankedRun> {
    const out: string[] = [];
    const err: string[] = [];
    const code = await runCommand(argv, this.env, {
      result: (line) => void out.push(line),
      remark: (line) => void err.push(line),
    });
    return { code, out: out.join('\n'), err: err.join('\n') };
  }
}
