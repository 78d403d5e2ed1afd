import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOOLS = fileURLToPath(new URL('../../../tools', import.meta.url));
const SECRETS = {
  TBQ_ADMIN_TOKEN: 'front-door-token-0123456789',
  RANKED_DATABASE_KEY: 'ab'.repeat(32),
  RANKED_DATABASE: 'postgres://ranked:front-door-password@db/ranked',
};

test.each(['start', 'certtool'])('what builds for "%s" gets no secret', async (command) => {
  const dir = fs.mkdtempSync(join(tmpdir(), 'ranked-front-door-'));
  const nx = join(dir, 'node_modules/nx/dist/bin');
  const sqlite = join(dir, 'node_modules/sqlite3/build/Release');
  for (const path of [nx, sqlite, join(dir, 'tools')]) fs.mkdirSync(path, { recursive: true });
  for (const name of fs.readdirSync(TOOLS).filter((one) => one.endsWith('.mjs')))
    fs.copyFileSync(join(TOOLS, name), join(dir, 'tools', name));
  fs.writeFileSync(join(dir, 'package-lock.json'), '{"packages":{}}');
  fs.writeFileSync(join(dir, 'node_modules/.package-lock.json'), '{"packages":{}}');
  fs.writeFileSync(join(sqlite, 'node_sqlite3.node'), '');
  // In the place of Nx, a program that writes down what it was given, and fails.
  fs.writeFileSync(
    join(nx, 'nx.js'),
    `require('fs').writeFileSync(${JSON.stringify(join(dir, 'given'))}, JSON.stringify(process.env)); process.exit(1)`,
  );
  const child = spawn(process.execPath, [join(dir, 'tools/run.mjs'), command], {
    env: { PATH: process.env['PATH'] ?? '', RANKED_TICK_MS: '500', ...SECRETS },
    stdio: 'ignore',
  });
  await once(child, 'close');
  const given = fs.readFileSync(join(dir, 'given'), 'utf8');
  expect(given).toContain('"RANKED_TICK_MS":"500"');
  for (const secret of Object.values(SECRETS)) expect(given).not.toContain(secret);
  fs.rmSync(dir, { recursive: true });
});
