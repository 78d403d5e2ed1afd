import { FakeSite } from './support/fake-site.js';
import { PICTURES } from './support/dist.js';
import { navigate, settled } from './support/page-walk.js';

/*
 * Lists, addresses, events and keys, as an operator meets them.
 */

const site = new FakeSite();
beforeAll(() => site.start());
afterAll(() => site.stop());
afterEach(() => site.reset());

const lastOf = (path: string) => site.fake.requests.findLast((request) => request.startsWith(`GET ${path}`));

test('a filter goes into the address, and an address is a filter', async () => {
  const { page } = await site.open('/servers');
  await page.getByRole('button', { name: 'State' }).click();
  await page.getByRole('option', { name: /^Silent/ }).click();
  await page.waitForURL(/\?state=silent$/);
  await page.getByRole('searchbox', { name: 'Search' }).fill('asia');
  await page.waitForURL(/q=asia/);
  await page.getByText('asia-1-21').waitFor();
  expect(lastOf('/api/servers')).toBe('GET /api/servers?state=silent&q=asia');
  const copy = await site.open(new URL(page.url()).pathname + new URL(page.url()).search);
  await copy.page.getByText('asia-1-21').waitFor();
  expect(await copy.page.getByRole('row').count()).toBe(await page.getByRole('row').count());
});

test('a list goes on where it stopped', async () => {
  const { page } = await site.open('/servers');
  const rows = page.locator('.data-table tbody tr');
  const first = await rows.count();
  await page.getByRole('button', { name: 'Load more' }).click();
  await page.waitForFunction(
    (count) => document.querySelectorAll('.data-table tbody tr').length > count,
    first,
  );
  expect(lastOf('/api/servers')).toContain('cursor=');
});

test('a list that is empty says why', async () => {
  const { page } = await site.open('/servers?q=nothing-is-called-that');
  await page.getByText('No server is like that.').waitFor();
  await navigate(page, '/queues/squad');
  await page.getByText('Nobody waits.').waitFor();
  await navigate(page, '/players?q=nobody');
  await page.getByText('No player is like that.').waitFor();
});

test('a list that cannot be loaded says why, and is tried again', async () => {
  const { page } = await site.open('/');
  site.fake.broken = {
    type: '/problems/conflict',
    title: 'No',
    status: 409,
    detail: 'Not now.',
    requestId: 'r-77',
  };
  await navigate(page, '/players');
  await page.getByText('The players cannot be shown.').waitFor();
  await page.getByText('r-77').waitFor();
  await page.screenshot({ path: `${PICTURES}/failure-light.png` });
  site.fake.broken = null;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.data-table tbody tr').first().waitFor();
});

test('what is at no address, and what is gone, is said', async () => {
  const { page } = await site.open('/nowhere');
  await page.getByText('Nothing is at this address.').waitFor();
  await navigate(page, '/players/00000000-0000-0000-0000-000000000000');
  await page.getByText('The player cannot be shown.').waitFor();
});

test('a list is saved as CSV, as it is filtered', async () => {
  const { page, errors } = await site.open('/certificates?status=expiring');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('certificates.csv');
  expect(lastOf('/api/certificates')).toBe('GET /api/certificates?status=expiring&format=csv');
  expect(errors).toEqual([]);
});

test('events change what is on the screen without loading it again', async () => {
  const { page } = await site.open('/servers');
  const [server] = site.fake.world.servers;
  if (server === undefined) throw new Error('There is no server');
  const row = page.getByRole('row', { name: new RegExp(server.name) });
  await site.fake.emit('servers', [{ ...server, players: 4321 }]);
  await row.getByText('4,321').waitFor();
  await page.getByRole('link', { name: /Overview/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await settled(page);
  await site.fake.emit('overview', { ...site.fake.world.overview, alarms: [] });
  await page.getByText('All is well.').waitFor();
});

test('a broken stream is said, opened again, and what was missed is loaded', async () => {
  const { page } = await site.open('/servers');
  await page.getByText('Live', { exact: true }).waitFor();
  const server = site.fake.world.servers[1];
  if (server === undefined) throw new Error('There is no server');
  server.name = 'renamed-meanwhile';
  site.fake.broken = { type: '/problems/busy', title: 'Busy', status: 503, detail: 'Restarting.' };
  site.fake.breakStreams();
  await page.getByText('Reconnecting').waitFor();
  await page.screenshot({ path: `${PICTURES}/reconnecting-light.png` });
  site.fake.broken = null;
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByText('renamed-meanwhile').waitFor();
});

test('the dashboard’s own trouble is said until data comes again', async () => {
  const { page } = await site.open('/');
  await page.getByText('Live', { exact: true }).waitFor();
  await site.fake.emit('trouble', { text: 'the database does not answer' });
  await page.getByText('No data: the database does not answer').waitFor();
  await site.fake.emit('overview', site.fake.world.overview);
  await page.getByText('Live', { exact: true }).waitFor();
});

test('a log goes on by itself, is paused by a key, is searched; what servers write is text', async () => {
  const { page } = await site.open('/logs?q=overtime');
  await page.getByText('No line is like that.').waitFor();
  const [server] = site.fake.world.servers;
  const line = (id: number, message: string) => ({
    id,
    serverId: server?.id ?? '',
    serverName: server?.name ?? '',
    level: 'error' as const,
    at: Date.now(),
    message,
  });
  const lines = page.locator('.log-line');
  await site.fake.emit('logs', {
    lines: [line(90_001, 'warm-up'), line(90_002, '<b>OVERTIME</b> begins')],
    skipped: 0,
  });
  await lines.getByText('<b>OVERTIME</b> begins').waitFor();
  expect(await lines.count()).toBe(1);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('p');
  await page.getByText('Paused, 0 new lines.').waitFor();
  await site.fake.emit('logs', { lines: [line(90_003, 'overtime ends')], skipped: 3 });
  await page.getByText('Paused, 1 new line. 3 lines left out').waitFor();
  expect(await lines.count()).toBe(1);
  await page.getByRole('button', { name: 'Go on' }).click();
  await lines.getByText('overtime ends').waitFor();
  expect(await lines.count()).toBe(2);
});

test('a server’s page asks for that server’s events only', async () => {
  const id = site.fake.world.servers[0]?.id ?? '';
  const { page } = await site.open(`/servers/${id}`);
  await page.getByText('Live', { exact: true }).waitFor();
  expect(site.fake.requests.findLast((request) => request.startsWith('GET /api/events'))).toBe(
    `GET /api/events?topics=commands%2Clogs%2Coverview&serverId=${id}`,
  );
});

test('a server’s page says that it is on probation, and of no other', async () => {
  const probation = site.fake.world.servers.find(({ trust }) => trust.probation);
  const proven = site.fake.world.servers.find(({ trust }) => !trust.probation);
  const { page } = await site.open(`/servers/${probation?.id}`);
  const note = page.getByText('On probation: few matches until it has finished five.');
  await note.waitFor();
  await navigate(page, `/servers/${proven?.id}`);
  await page.getByRole('heading', { level: 1, name: proven?.name ?? '' }).waitFor();
  await page.getByText(/^7 days: /).waitFor();
  expect(await note.count()).toBe(0);
});

test('keys lead everywhere, are explained by ?, and can be switched off', async () => {
  const { page } = await site.open('/');
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.getByRole('heading', { level: 1, name: 'Matches' }).waitFor();
  await page.keyboard.press('/');
  expect(
    await page
      .getByRole('searchbox')
      .first()
      .evaluate((input) => input === document.activeElement),
  ).toBe(true);
  await page.keyboard.type('gs?');
  await page.waitForURL(/q=gs/);
  await page.getByRole('searchbox').first().blur();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard' });
  await help.getByText('Pause the log').waitFor();
  await page.screenshot({ path: `${PICTURES}/help-light.png` });
  await help.getByRole('switch', { name: 'Single keys act' }).press('Space');
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  expect(await help.count()).toBe(0);
  expect(new URL(page.url()).pathname).toBe('/matches');
});

test('the first key skips to the content; after a change of page the heading has the focus', async () => {
  const { page } = await site.open('/');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the content' });
  expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  await page.getByRole('link', { name: 'Players', exact: true }).click();
  await page.waitForFunction(() => document.activeElement?.textContent.trim() === 'Players');
});

test('times are ages, or dates for all at once', async () => {
  const { page } = await site.open('/players');
  const time = page.locator('.data-table time').first();
  expect(await time.textContent()).toMatch(/ ago$/);
  await page.keyboard.press('t');
  await page.waitForFunction(() =>
    /\d{4}, \d\d:\d\d:\d\d/.test(document.querySelector('.data-table time')?.textContent ?? ''),
  );
  expect(await time.getAttribute('title')).toMatch(/ ago$/);
});

test('the theme follows the system until one is chosen, and the choice stays', async () => {
  const { page } = await site.open('/', { colorScheme: 'dark' });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await paper();
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).waitFor();
  const light = await paper();
  expect(light).not.toBe(dark);
  await page.reload();
  await page.getByLabel('Token').waitFor();
  expect(await paper()).toBe(light);
});

test('on a phone the menu is a drawer', async () => {
  const { page } = await site.open('/', {
    viewport: { width: 360, height: 780 },
    isMobile: true,
    hasTouch: true,
  });
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('dialog', { name: 'Menu' }).getByRole('link', { name: 'Servers' }).click();
  await page.getByRole('heading', { level: 1, name: 'Servers' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
});
