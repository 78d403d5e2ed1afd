import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtPage } from './support/dist.js';
import { FakeSite } from './support/fake-site.js';

/** Script that the first page may load, compressed, bytes. */
const SCRIPT_BUDGET = 350 * 1024;

const site = new FakeSite();
beforeAll(() => site.start());
afterAll(() => site.stop());
afterEach(() => site.reset());

test('the first page loads no more script than it may, and nothing from anywhere else', async () => {
  const { page } = await site.blank();
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await page.goto(site.url);
  await page.getByLabel('Token').fill(site.fake.token);
  const pressed = Date.now();
  await page.keyboard.press('Enter');
  await page.getByText('Players online').waitFor();
  await page.locator('.plot canvas').first().waitFor();
  const tookMs = Date.now() - pressed;
  const { host } = new URL(site.url);
  expect(loaded.filter((url) => new URL(url).host !== host)).toEqual([]);
  const scripts = new Set(loaded.map((url) => new URL(url).pathname).filter((path) => path.endsWith('.js')));
  const bytes = [...scripts].reduce(
    (sum, path) => sum + gzipSync(readFileSync(join(builtPage(), path))).length,
    0,
  );
  const entryMs = await page.evaluate(
    () =>
      performance.getEntriesByType('paint').find((paint) => paint.name === 'first-contentful-paint')
        ?.startTime ?? 0,
  );
  process.stdout.write(
    `First page: ${scripts.size} scripts, ${(bytes / 1024).toFixed(1)} KiB compressed; token entry painted after ` +
      `${entryMs.toFixed(0)} ms, overview with plots ${tookMs} ms after the token.\n`,
  );
  expect(scripts.size).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(SCRIPT_BUDGET);
});

test('the page’s own file has no script, no style and no address of anybody else in it', () => {
  const html = readFileSync(join(builtPage(), 'index.html'), 'utf8');
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)|\bon\w+=|https?:/i);
});
