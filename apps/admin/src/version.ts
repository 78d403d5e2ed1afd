import { readFileSync } from 'node:fs';

interface Manifest {
  version: string;
}

/** Version of the dashboard; the path is the same from `src` and from `dist`. */
export const VERSION = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest
).version;
