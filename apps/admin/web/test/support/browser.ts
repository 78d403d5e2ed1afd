import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/**
 * Starts Chromium: the one that `RANKED_CHROMIUM` names, Debian's, or the one that Playwright downloaded.
 * @throws when there is none, saying how to get one
 */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env['RANKED_CHROMIUM'];
  const candidates = named
    ? [named]
    : ['/usr/bin/chromium', '/usr/bin/chromium-browser', chromium.executablePath()];
  const executablePath = candidates.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error(
      `No Chromium at ${candidates.join(', ')}. Install one (Debian: apt-get install chromium; elsewhere: ` +
        `npx playwright-core install chromium) or set RANKED_CHROMIUM to its path.`,
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      // Chromium's own sandbox does not run as root, as which containers do.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
