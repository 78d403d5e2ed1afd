// A browser for the tests of the dashboard's page. Plain Node without dependencies.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const DEBIAN = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

/**
 * Sees to it that the tests find Chromium: the one that `RANKED_CHROMIUM` names, the system's, Debian's package where we may
 * install one, else Playwright's download. What cannot be had is no error here: the tests say how to get it.
 * @param root of the checkout @param run (program, arguments) → exit status
 */
export async function ensureChromium(root, run) {
  if (process.env['RANKED_CHROMIUM'] || DEBIAN.some((path) => existsSync(path))) return;
  const { chromium } = await import(join(root, 'node_modules/playwright-core/index.mjs'));
  if (existsSync(chromium.executablePath())) return;
  process.stderr.write('Installing Chromium for the tests of the dashboard (about a minute) ...\n');
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const status = await run('sh', [
      '-c',
      'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium',
    ]);
    if (status === 0) return;
  }
  await run(process.execPath, [join(root, 'node_modules/playwright-core/cli.js'), 'install', 'chromium']);
}
