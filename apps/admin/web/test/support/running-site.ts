import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.js';
import { watchErrors } from './page-errors.js';
import { signIn } from './page-walk.js';

/** A dashboard that runs, with an operator's certificate for it. */
export interface RunningSite {
  url: string;
  tokenFile: string;
  certPath: string;
  keyPath: string;
}

/**
 * The dashboard that the environment names: `RANKED_WALK_URL` (https://localhost:23646), `RANKED_WALK_TOKEN_FILE`,
 * `RANKED_WALK_CERT` and `RANKED_WALK_KEY` (PEM files). Null when it names none.
 */
export function runningSite(env: NodeJS.ProcessEnv = process.env): RunningSite | null {
  const url = env['RANKED_WALK_URL'];
  const tokenFile = env['RANKED_WALK_TOKEN_FILE'];
  const certPath = env['RANKED_WALK_CERT'];
  const keyPath = env['RANKED_WALK_KEY'];
  if (!url || !tokenFile || !certPath || !keyPath) return null;
  return { url: new URL(url).origin, tokenFile, certPath, keyPath };
}

/** Runs `visit` with a page of that dashboard, the token typed in and the events flowing; gives what the page complained of. */
export async function visitRunning(
  site: RunningSite,
  visit: (page: Page) => Promise<void>,
): Promise<string[]> {
  const token = (await readFile(site.tokenFile, 'utf8')).trim();
  const browser: Browser = await launchBrowser();
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      // Its authority is the dashboard's own; that it is the right one is another test's matter.
      ignoreHTTPSErrors: true,
      clientCertificates: [{ origin: site.url, certPath: site.certPath, keyPath: site.keyPath }],
    });
    context.setDefaultTimeout(180_000);
    const page = await context.newPage();
    const errors = watchErrors(page);
    await signIn(page, { url: site.url, token });
    await page.getByText('Live', { exact: true }).waitFor();
    await visit(page);
    return errors;
  } finally {
    await browser.close();
  }
}
