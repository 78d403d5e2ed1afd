import { mkdir, readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { PICTURES } from './support/dist.js';
import { goTo, navigate, seriousFaults, settled, STOPS } from './support/page-walk.js';
import { ownSite, type OwnSite } from './support/own-site.js';
import { runningSite, visitRunning } from './support/running-site.js';

/*
 * Every page, then every action, against a dashboard that runs beside a master with game servers and players: one of our own, or the
 * one that the environment names (`support/running-site.ts`). The pages change nothing. The actions ban, void, revoke and, last
 * of all, shut a server down and rotate the master key: on a named one only if `RANKED_WALK_ACTIONS` is `yes`.
 */

const NAME = `walk-${Date.now().toString(36)}`;

let own: OwnSite | undefined;
afterAll(() => own?.close());
const siteOfOurOwn = async (): Promise<OwnSite> => (own ??= await ownSite());

test('every page of a dashboard that runs', async () => {
  const site = runningSite() ?? (await siteOfOurOwn());
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

test('every action of a dashboard that runs', async () => {
  const named = process.env['RANKED_WALK_ACTIONS'] === 'yes' ? runningSite() : null;
  const errors = await visitRunning(named ?? (await siteOfOurOwn()), async (page) => {
    await onServer(page);
    await onPlayer(page);
    await onMatches(page);
    await onReadyMatch(page);
    await onQueue(page);
    await onCertificates(page);
    await onSettings(page);
    await last(page);
    await onAudit(page);
  });
  // What came too late is refused with 409, and the browser says so; anything else is a fault.
  expect(errors.filter((error) => !error.includes('409 (Conflict)'))).toEqual([]);
});

const dialog = (page: Page): Locator => page.getByRole('dialog');

/** Fills the dialog's reason where it has one, confirms once the impact is known. Gives what speaks against it, or null. */
async function confirm(page: Page, label: string): Promise<string | null> {
  const failure = dialog(page).locator('.failure');
  // Some forms stand there only when what they ask about is loaded.
  await dialog(page).locator('[type="submit"]').or(failure).first().waitFor();
  const reason = dialog(page).getByLabel('Reason');
  if ((await reason.count()) > 0) await reason.fill('a walk over the dashboard');
  const submit = dialog(page).locator('[type="submit"]:not([data-disabled])', { hasText: label });
  await submit.or(failure).first().waitFor();
  if ((await failure.count()) > 0) return failure.first().innerText();
  await submit.click();
  await page.waitForFunction(
    () =>
      document.querySelector('[role="dialog"] .failure') !== null ||
      document.querySelector('[role="dialog"]') === null,
  );
  return (await failure.count()) > 0 ? failure.first().innerText() : null;
}

/** Presses a button and confirms. What it was about may be over by then, as matches are: then the next one is taken. */
async function act(page: Page, button: RegExp, label: string): Promise<void> {
  const refusals: string[] = [];
  while (refusals.length < 10) {
    await page.getByRole('button', { name: button }).first().click();
    const refusal = await confirm(page, label);
    if (refusal === null) return;
    refusals.push(refusal);
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    await dialog(page).waitFor({ state: 'detached' });
  }
  throw new Error(`${label} was never done: ${refusals.join('; ')}`);
}

/** Opens a list by its address; its heading is the address's first word. */
async function open(page: Page, path: string): Promise<void> {
  await navigate(page, path);
  const word = /^\/([a-z]+)/.exec(path)?.[1] ?? '';
  await page.getByRole('heading', { level: 1, name: new RegExp(`^${word}$`, 'i') }).waitFor();
  await settled(page);
}

/** Opens a list and the thing in its first row. */
async function openFirst(page: Page, path: string): Promise<void> {
  await open(page, path);
  await navigate(page, (await page.locator('.data-table tbody th a').first().getAttribute('href')) ?? '');
  await page.locator('.page-path').waitFor();
  await settled(page);
}

async function onServer(page: Page): Promise<void> {
  await openFirst(page, '/servers?state=online&sort=players');
  await act(page, /^Kick… /, 'Kick');
  const kick = page.getByRole('row', { name: /^kick / }).first();
  await kick.getByText(/Acknowledged|Failed/).waitFor();
  await act(page, /^Drain…/, 'Drain');
  await page.getByRole('heading', { level: 1 }).getByText('Draining').waitFor();
  await act(page, /^End the drain…/, 'End the drain');
  await page.getByRole('heading', { level: 1 }).getByText('Draining').waitFor({ state: 'detached' });
}

async function onPlayer(page: Page): Promise<void> {
  await openFirst(page, '/players');
  await page.getByRole('button', { name: 'Rename…' }).click();
  await dialog(page).getByLabel('Display name').fill(NAME);
  await confirm(page, 'Rename');
  await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
  await page.getByRole('button', { name: 'End sessions…' }).click();
  await confirm(page, 'End the sessions');
  await page.getByText('Not logged in.').waitFor();
  await page.getByRole('button', { name: 'Ban…' }).click();
  await confirm(page, 'Ban');
  await page.getByText('Banned', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Unban…' }).click();
  await confirm(page, 'Unban');
  await page.getByText('Banned', { exact: true }).first().waitFor({ state: 'detached' });
}

async function onMatches(page: Page): Promise<void> {
  await openFirst(page, '/matches?state=running');
  await page.getByRole('button', { name: 'Cancel the match…' }).click();
  await confirm(page, 'Cancel the match');
  await page
    .getByRole('heading', { level: 1 })
    .getByText(/Cancelled|Abandoned/)
    .waitFor();
  await openFirst(page, '/matches?state=finished');
  await page.getByRole('button', { name: 'Void…' }).click();
  await confirm(page, 'Void the match');
  await page.getByRole('heading', { level: 1 }).getByText(/^Void/).waitFor();
}

/** A match is ready for a moment only: where none is, this is left to the test before the stand-in. */
async function onReadyMatch(page: Page): Promise<void> {
  await open(page, '/matches?state=ready');
  if ((await page.locator('.data-table tbody tr').count()) === 0) return;
  await openFirst(page, '/matches?state=ready');
  const allow = page.getByRole('button', { name: /^Allow again…/ });
  if (await allow.isDisabled()) return;
  await allow.click();
  if ((await confirm(page, 'Send the roster')) !== null) {
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  }
}

/** With every server drained nobody is matched, so that somebody waits for as long as it takes. */
async function onQueue(page: Page): Promise<void> {
  await open(page, '/servers?state=online');
  const links = await page.locator('.data-table tbody th a').all();
  const servers = await Promise.all(links.map((link) => link.getAttribute('href')));
  for (const server of servers) {
    await navigate(page, server ?? '');
    await page.getByRole('button', { name: 'Drain…' }).click();
    await confirm(page, 'Drain');
  }
  await openFirst(page, '/queues');
  await page
    .getByRole('button', { name: /^Remove… / })
    .first()
    .click();
  await confirm(page, 'Remove');
  for (const server of servers) {
    await navigate(page, server ?? '');
    await page.getByRole('button', { name: 'End the drain…' }).click();
    await confirm(page, 'End the drain');
  }
}

async function onCertificates(page: Page): Promise<void> {
  await open(page, '/certificates');
  await page.getByRole('button', { name: 'Issue…' }).click();
  await dialog(page).getByLabel('Name').fill(NAME);
  await dialog(page).getByRole('button', { name: 'Issue', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog(page)
      .getByRole('button', { name: /^Download / })
      .click(),
  ]);
  expect(await readFile(await download.path())).toHaveLength(133);
  await dialog(page).getByRole('button', { name: 'Close' }).click();
  await open(page, `/certificates?q=${NAME}`);
  await page.getByRole('button', { name: `Revoke… ${NAME}` }).click();
  await confirm(page, 'Revoke');
  await page
    .getByRole('row', { name: new RegExp(NAME) })
    .getByText('Revoked', { exact: true })
    .waitFor();
}

async function onSettings(page: Page): Promise<void> {
  await open(page, '/settings');
  await page.getByRole('button', { name: 'Begin maintenance…' }).click();
  await dialog(page).getByLabel('Message to players').fill(NAME);
  await confirm(page, 'Begin maintenance');
  await page.getByText(`Players read: “${NAME}”`).waitFor();
  await page.getByRole('button', { name: 'End maintenance…' }).click();
  await confirm(page, 'End maintenance');
  await page.getByText(`Players read: “${NAME}”`).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Add an address' }).click();
  const address = page.getByRole('textbox', { name: /^Address / }).last();
  await address.fill('192.0.2.0/24');
  await page
    .getByRole('textbox', { name: /^Note / })
    .last()
    .fill(NAME);
  await page.getByRole('button', { name: 'Save the list' }).click();
  await page.waitForFunction(
    () => document.querySelector('.address-list [type="submit"][data-disabled]') !== null,
  );
  await page
    .getByRole('button', { name: /^Remove address / })
    .last()
    .click();
  await page.getByRole('button', { name: 'Save the list' }).click();
  await page.waitForFunction(
    () => document.querySelector('.address-list [type="submit"][data-disabled]') !== null,
  );
}

async function last(page: Page): Promise<void> {
  await openFirst(page, '/servers?state=online');
  await page.getByRole('button', { name: 'Shut down…' }).click();
  await confirm(page, 'Shut down');
  await page
    .getByRole('row', { name: /shut down/i })
    .first()
    .getByText(/Sent|Acknowledged|Failed/)
    .first()
    .waitFor();
  await open(page, '/certificates?tab=master-key');
  await page.getByRole('button', { name: 'Rotate the master key…' }).click();
  const counts = await dialog(page).locator('.impact-counts').innerText();
  const dying = /([\d,]+) certificate/.exec(counts)?.[1] ?? '0';
  await dialog(page).getByLabel('How many certificates will die?').fill(dying);
  await dialog(page).getByLabel('Reason').fill('the end of the walk');
  await dialog(page).getByRole('button', { name: 'Rotate the key' }).click();
  await dialog(page).getByText('Public key, for those who pin it').waitFor();
  await dialog(page).getByRole('button', { name: 'Close' }).click();
}

async function onAudit(page: Page): Promise<void> {
  await open(page, '/audit');
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await page.getByText('Whole:').waitFor();
  const done = new Set(await page.locator('.data-table tbody tr td:nth-child(5)').allInnerTexts());
  expect([...done]).toEqual(
    expect.arrayContaining([
      'server.drain',
      'server.kick',
      'server.shutdown',
      'player.rename',
      'player.end-sessions',
      'player.ban',
      'player.unban',
      'match.cancel',
      'match.void',
      'queue.remove',
      'certificate.issue',
      'certificate.download',
      'certificate.revoke',
      'master-key.rotate',
      'settings.maintenance',
      'settings.addresses',
    ]),
  );
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  expect(await readFile(await csv.path(), 'utf8')).toContain('master-key.rotate');
}
