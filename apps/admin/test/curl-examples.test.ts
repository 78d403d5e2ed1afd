import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { accounts } from '@ranked/store';
import { AdminRig, TOKEN } from './support/admin-rig.js';
import { LiveMaster } from './support/live-master.js';

const DOCUMENT = new URL('../../../docs/dashboard.md', import.meta.url);
const run = promisify(execFile);

test('the examples of docs/dashboard.md work as they stand there', async () => {
  const blocks = [...readFileSync(DOCUMENT, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
    ([, block = '']) => block,
  );
  expect(blocks.length).toBeGreaterThanOrEqual(7);
  const rig = await AdminRig.start({ allow: ['127.0.0.1', '::1'] });
  const master = await LiveMaster.start(rig);
  try {
    await rig.admin.store.write('account', (tx) =>
      accounts.create(tx, {
        id: '8d0c1a90-7b5e-4d66-9a01-c4e2d8f70b13',
        username: 'anna',
        displayName: 'Anna',
        passwordHash: 'x',
      }),
    );
    fs.writeFileSync(join(rig.config.dataDir, 'admin', 'token'), TOKEN, { mode: 0o600 });
    // Where the rig listens instead of the usual port; localhost may be ::1, on which it does not listen.
    const script = blocks
      .join('\n')
      .replace('https://localhost:23646', `https://localhost:${rig.port}`)
      .replace('curl -sS', 'curl -4 -sS');
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: rig.dir,
      maxBuffer: 1e7,
    });
    expect(stdout).toContain('"alarms":');
    expect(stdout).toContain('Nobody is matched and nobody new comes in.');
    expect(stdout).toContain('Anna is banned.');
    expect(stdout).toContain('player.unban');
    expect(stdout).toContain('"ok":true');
    expect(stdout).toContain('event: hello');
    expect(fs.statSync(join(rig.dir, 'eu-1.s2scert')).size).toBe(133);
  } finally {
    await master.stop();
    await rig.stop();
  }
});
