import { readFileSync } from 'node:fs';

/** A JSON file beside the tests, or under the package's own `vectors`. */
export function readVectors<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as T;
}

/** The cases of one of the Wycheproof files, as rows for `test.each`: name, case. */
export function wycheproof<T extends { tcId: number; comment: string }>(name: string): [string, T][] {
  const { cases } = readVectors<{ cases: T[] }>(`./vectors/wycheproof-${name}.json`);
  return cases.map((each) => [`${each.tcId} ${each.comment}`, each]);
}

export function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}
