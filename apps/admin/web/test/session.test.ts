import { FakeSite } from './support/fake-site.js';

/*
 * The token: what happens when it is wrong, when it comes too soon, when it is no longer taken; and that it is nowhere but in
 * the page's memory.
 */

const site = new FakeSite();
beforeAll(() => site.start());
afterAll(() => site.stop());
afterEach(() => site.reset());

test('a wrong token is refused in words, and the right one opens what was asked for', async () => {
  const { page } = await site.blank('/matches?state=live');
  await page.getByLabel('Token').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('That is not the token.').waitFor();
  expect(await page.getByLabel('Token').inputValue()).toBe('');
  expect(await page.getByLabel('Token').evaluate((input) => input === document.activeElement)).toBe(true);
  await page.getByLabel('Token').fill(site.fake.token);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Matches' }).waitFor();
  expect(new URL(page.url()).search).toBe('?state=live');
});

test('after wrong tokens it says how long the next one has to wait', async () => {
  site.fake.slowSeconds = 3000;
  const { page } = await site.blank();
  await page.getByLabel('Token').fill('wrong');
  await page.getByRole('button', { name: 'Open the dashboard' }).click();
  await page.getByText('Too soon after a wrong token: this one was not looked at.').waitFor();
  await page.getByText(/the next try counts in \d+ s/).waitFor();
  expect(await page.getByRole('button', { name: 'Open the dashboard' }).isDisabled()).toBe(true);
  expect(site.fake.requests).toEqual(['GET /api/session']);
});

test('a server that does not answer is not a wrong token', async () => {
  const { page } = await site.blank();
  await page.route('**/api/**', (route) => route.abort());
  await page.getByLabel('Token').fill(site.fake.token);
  await page.keyboard.press('Enter');
  await page.getByText('The dashboard’s server does not answer.').waitFor();
});

test('a token that is no longer taken brings the entry back, and says so', async () => {
  const { page } = await site.open('/audit');
  site.fake.takesToken = false;
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await page.getByText('The server no longer takes the token.').waitFor();
  expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
});

test('the token is in no storage, no address and no element; a page that is loaded again has forgotten it', async () => {
  const { page } = await site.open('/servers');
  const kept = await page.evaluate(async () => ({
    local: JSON.stringify(localStorage),
    session: JSON.stringify(sessionStorage),
    cookies: document.cookie,
    databases: (await indexedDB.databases()).length,
    history: JSON.stringify(history.state),
    page: document.documentElement.outerHTML,
    resources: performance.getEntriesByType('resource').map((entry) => entry.name),
  }));
  expect(JSON.stringify(kept)).not.toContain(site.fake.token);
  expect(kept).toMatchObject({ cookies: '', databases: 0 });
  await page.reload();
  await page.getByLabel('Token').waitFor();
});

test('forgetting the token forgets what was loaded with it', async () => {
  const { page } = await site.open('/servers');
  await page.getByRole('button', { name: 'Forget the token' }).click();
  await page.getByText('The token was forgotten, as you asked.').waitFor();
  const { name } = site.fake.world.server(site.fake.world.servers[0]?.id ?? '');
  expect(await page.content()).not.toContain(name);
});
