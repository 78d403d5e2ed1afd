import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A fresh directory, removed by {@link removeTempDirs}. */
export function tempDir(): string {
  const path = mkdtempSync(join(tmpdir(), 'ranked-master-'));
  made.push(path);
  return path;
}

/** Call it in `afterAll`. */
export function removeTempDirs(): void {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
}
