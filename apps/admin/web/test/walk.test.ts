import { mkdir } from 'node:fs/promises';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launchBrowser } from './support/browser.js';
import { builtPage, PICTURES } from './support/dist.js';
import { FakeAdmin } from './support/fake-admin.js';
import { watchErrors } from './support/page-errors.js';
import { goTo, seriousFaults, signIn, STOPS } from './support/page-walk.js';

/*
 * Every page in light, in dark and on a phone: it comes up, nothing is complained of, axe finds nothing serious, nothing is
 * wider than the screen. The pictures are kept in `test-output`.
 */

const fake = new FakeAdmin(builtPage());
let browser: Browser;
let url: string;

beforeAll(async () => {
  await mkdir(PICTURES, { recursive: true });
  url = await fake.start();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await fake.stop();
});

const LOOKS: [name: string, options: BrowserContextOptions][] = [
  ['light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['phone', { viewport: { width: 360, height: 780 }, colorScheme: 'light', isMobile: true, hasTouch: true }],
];

test.each(LOOKS)('every page, %s', async (look, options) => {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(180_000);
  const page = await context.newPage();
  const errors = watchErrors(page);
  await page.goto(url);
  await page.getByLabel('Token').waitFor();
  await page.screenshot({ path: `${PICTURES}/token-${look}.png` });
  const faults: Record<string, string[]> = { token: await seriousFaults(page) };
  const wide: string[] = [];
  await signIn(page, { url, token: fake.token });
  for (const stop of STOPS) {
    await goTo(page, stop);
    await page.screenshot({ path: `${PICTURES}/${stop.name}-${look}.png`, fullPage: true });
    faults[stop.name] = await seriousFaults(page);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > (options.viewport?.width ?? 0)) wide.push(`${stop.name}: ${width}`);
  }
  expect(Object.entries(faults).filter(([, found]) => found.length > 0)).toEqual([]);
  expect(wide).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});
