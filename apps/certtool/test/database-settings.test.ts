import * as fs from 'node:fs';
import type { Workplace } from './certtool.js';
import { withWorkplace } from './with-workplace.js';

/* Which database and which key the commands take. */

let place: Workplace;
withWorkplace((made) => (place = made));

describe('settings that hold secrets', () => {
  const key = '5d'.repeat(32);
  const labelled = `ranked-database-key-1:${key}`;

  test('the database key may come from the environment or a file, with its label or without', async () => {
    fs.rmSync(place.path('data'), { recursive: true });
    fs.writeFileSync(place.path('bare'), `${key}\n`, { mode: 0o600 });
    fs.writeFileSync(place.path('labelled'), labelled, { mode: 0o600 });
    const ways: Record<string, string>[] = [
      { RANKED_DATABASE_KEY: labelled },
      { RANKED_DATABASE_KEY_FILE: 'bare' },
      { RANKED_DATABASE_KEY_FILE: 'labelled' },
    ];
    expect((await place.run(['init'], { env: { RANKED_DATABASE_KEY: key } })).code).toBe(0);
    for (const [index, env] of ways.entries()) {
      expect((await place.run(['issue', '--name', `eu-${index}`], { env })).code).toBe(0);
    }
    expect(fs.existsSync(place.path('data/database.key'))).toBe(false);
  });

  test.each([
    ['is no key', { RANKED_DATABASE_KEY: `${key}5d` }, 1],
    ['is given twice', { RANKED_DATABASE_KEY: key, RANKED_DATABASE_KEY_FILE: 'bare' }, 1],
    ['lies in a file that is missing', { RANKED_DATABASE_KEY_FILE: 'missing' }, 2],
    ['lies in a file that others may read', { RANKED_DATABASE_KEY_FILE: 'loose' }, 2],
  ])('a database key that %s is refused and not shown', async (_name, env: Record<string, string>, code) => {
    fs.writeFileSync(place.path('loose'), labelled);
    fs.chmodSync(place.path('loose'), 0o644);
    const run = await place.run(['issue', '--name', 'eu-1'], { env });
    expect(run).toMatchObject({ code, stdout: '' });
    expect(run.stderr).not.toContain('5d5d');
  });

  test('the database may be named in a file', async () => {
    fs.writeFileSync(place.path('target'), 'elsewhere.sqlite\n', { mode: 0o600 });
    const env = { RANKED_DATABASE_FILE: 'target' };
    expect((await place.run(['issue', '--name', 'eu-1'], { env })).code).toBe(0);
    expect(fs.existsSync(place.path('elsewhere.sqlite'))).toBe(true);
    expect(fs.existsSync(place.path('data/ranked.sqlite'))).toBe(false);
  });
});

describe('a PostgreSQL that cannot be reached', () => {
  test('one line, without the password', async () => {
    const env = {
      RANKED_DATABASE: 'postgres://ranked:hunter2%21pw@127.0.0.1:1/ranked?application_name=hunter2',
    };
    const run = await place.run(['list'], { env });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/^certtool: [\P{C}]+127\.0\.0\.1:1[\P{C}]+\n$/u);
    expect(run.stderr).not.toContain('hunter2');
  });
});
