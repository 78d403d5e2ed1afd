import { mkdir } from 'node:fs/promises';
import { PICTURES } from './support/dist.js';
import { goTo, seriousFaults, STOPS } from './support/page-walk.js';
import { runningSite, visitRunning } from './support/running-site.js';

/*
 * The same walk over a dashboard that runs, when the environment names one (`support/running-site.ts`). It needs at least one
 * server, one player and one match, and it changes nothing.
 */

const site = runningSite();

(site ? test : test.skip)('every page of a dashboard that runs', async () => {
  if (site === null) throw new Error('No running dashboard is named');
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
