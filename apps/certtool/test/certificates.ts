import type { Workplace } from './certtool.js';
import type { Run } from './command-host.js';

/** What `issue --json` tells of a new certificate. */
export interface Issued {
  uuid: string;
  file: string;
  expiresAt: number;
}

/** What `list --json` tells of one, in part. */
export interface Listed {
  uuid: string;
  name: string;
  status: string;
  revokeReason: string | null;
}

/** The JSON value on stdout. */
export const resultOf = (run: Run): unknown => JSON.parse(run.stdout);

/** Issues a certificate of a name; `more` are further options. */
export async function issue(place: Workplace, name: string, ...more: string[]): Promise<Issued> {
  const run = await place.run(['issue', '--json', '--name', name, ...more]);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return resultOf(run) as Issued;
}

/** All certificates in the database, or those that the options ask for. */
export async function list(place: Workplace, ...more: string[]): Promise<Listed[]> {
  return resultOf(await place.run(['list', '--json', ...more])) as Listed[];
}
