import { mkdir } from 'node:fs/promises';
import { PICTURES } from './support/dist.js';
import { goTo, seriousFaults, STOPS } from './support/page-walk.js';
import { ownSite, type OwnSite } from './support/own-site.js';
import { runningSite, visitRunning } from './support/running-site.js';

/*
 * The same walk over a dashboard that runs beside a master with game servers and players: one of our own, or the one that the
 * environment names (`support/running-site.ts`). It changes nothing.
 */

let own: OwnSite | undefined;
afterAll(() => own?.close());

test('every page of a dashboard that runs', async () => {
  const site = runningSite() ?? (own = await ownSite());
  await mkdir(PICTURES, { recursive: true });
  const faults: string[] = [];
  const errors = await visitRunning(site, async (page) => {
    for (const stop of STOPS) {
      await goTo(page, stop);
      await page.screenshot({ path: `${PICTURES}/running-${stop.name}.png`, fullPage: true });
      faults.push(...(await seriousFaults(page)));
      const failures = await page.locator('.failure').allInnerTexts();
      faults.push(...failures.map((text) => `${stop.name}: ${text}`));
    }
  });
  expect(faults).toEqual([]);
  expect(errors).toEqual([]);
});
