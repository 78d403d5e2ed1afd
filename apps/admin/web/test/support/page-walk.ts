import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** A dashboard that can be walked: a fake one or a real one. */
export interface Site {
  url: string;
  token: string;
}

/** A stop of the walk: its name, its address, and what shows that it is there. */
export interface Stop {
  name: string;
  /** Path, or the link of the row that is followed from the stop before. */
  path?: string;
  follow?: string;
  heading: string | RegExp;
}

/** Every page, and one thing of each kind. */
export const STOPS: readonly Stop[] = [
  { name: 'overview', path: '/', heading: 'Overview' },
  { name: 'servers', path: '/servers', heading: 'Servers' },
  { name: 'server', follow: '.data-table tbody th a', heading: /.+/ },
  { name: 'queues', path: '/queues', heading: 'Queues' },
  { name: 'queue', follow: '.data-table tbody th a', heading: /.+/ },
  { name: 'players', path: '/players', heading: 'Players' },
  { name: 'player', follow: '.data-table tbody th a', heading: /.+/ },
  { name: 'matches', path: '/matches', heading: 'Matches' },
  { name: 'match', follow: '.data-table tbody th a', heading: /^Match / },
  { name: 'certificates', path: '/certificates', heading: 'Certificates' },
  { name: 'master-key', path: '/certificates?tab=master-key', heading: 'Certificates' },
  { name: 'operators', path: '/certificates?tab=operators', heading: 'Certificates' },
  { name: 'logs', path: '/logs', heading: 'Logs' },
  { name: 'audit', path: '/audit', heading: 'Audit' },
  { name: 'settings', path: '/settings', heading: 'Settings' },
];

/** Types the token in and waits for the dashboard. */
export async function signIn(page: Page, site: Site, path = '/'): Promise<void> {
  await page.goto(`${site.url}${path}`);
  await page.getByLabel('Token').fill(site.token);
  await page.getByRole('button', { name: 'Open the dashboard' }).click();
  await page
    .getByRole('navigation', { name: 'Pages' })
    .or(page.getByRole('button', { name: 'Menu' }))
    .first()
    .waitFor();
}

/** Goes to a stop without loading the page again (the token lives in its memory), and waits until all is loaded. */
export async function goTo(page: Page, stop: Stop): Promise<void> {
  if (stop.path !== undefined) {
    await navigate(page, stop.path);
  } else if (stop.follow !== undefined) {
    // By its address, not by a click: on a busy night another row may stand there by then.
    await navigate(page, (await page.locator(stop.follow).first().getAttribute('href')) ?? '');
    await page.locator('.page-path').waitFor();
  }
  await page.getByRole('heading', { level: 1, name: stop.heading }).waitFor();
  await settled(page);
}

/** Follows an address inside the page, as a link would. */
export async function navigate(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}

/** Waits until nothing is loading any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('#main h1') !== null && document.querySelector('.loading') === null,
  );
}

/** What axe finds that is serious or worse, a line a rule. */
export async function seriousFaults(page: Page): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // Evaluated by the debugger, not by a script element: the security policy stays as it is.
  await page.evaluate(source);
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } }).axe.run({
      resultTypes: ['violations'],
      preload: false,
    }),
  );
  return results.violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.length} places, the first ${nodes[0]?.html} (${nodes[0]?.failureSummary})`,
    );
}
