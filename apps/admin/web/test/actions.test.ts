import type { Page } from 'playwright-core';
import { DYING_CERTIFICATES } from './support/fake-actions.js';
import { FakeSite } from './support/fake-site.js';
import { PICTURES } from './support/dist.js';

/*
 * Each action as an operator does it: what it says before, what it sends, what it shows afterwards. Nothing is sent before the
 * impact has been shown and the action confirmed.
 */

const site = new FakeSite();
beforeAll(() => site.start());
afterAll(() => site.stop());
afterEach(() => site.reset());

const dialog = (page: Page) => page.getByRole('dialog');
const sent = () => site.fake.world.actions;

async function confirm(page: Page, label: string): Promise<void> {
  await dialog(page).getByRole('button', { name: label, exact: true }).click();
  await dialog(page).waitFor({ state: 'detached' });
}

async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await dialog(page).getByRole('button', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
}

const firstServer = () => site.fake.world.server(site.fake.world.servers[0]?.id ?? '');
const firstPlayer = () => site.fake.world.player(site.fake.world.players[0]?.id ?? '');

test('draining a server says what happens, and then does it', async () => {
  const server = firstServer();
  const { page, errors } = await site.open(`/servers/${server.id}`);
  await page.getByRole('button', { name: 'Drain…' }).click();
  await dialog(page).getByText(`${server.name} gets no new matches.`).waitFor();
  await dialog(page)
    .getByText(/Concerned now: 4 players, 2 matches/)
    .waitFor();
  await page.screenshot({ path: `${PICTURES}/dialog-light.png` });
  expect(sent()).toEqual([]);
  await confirm(page, 'Drain');
  expect(sent()).toEqual([{ action: 'server.drain', detail: { on: true } }]);
  await page.getByText(`${server.name} is draining.`).waitFor();
  await page.getByRole('button', { name: 'End the drain…' }).waitFor();
  expect(errors).toEqual([]);
});

test('a dialog that is closed by Escape does nothing and gives the focus back', async () => {
  const { page } = await site.open(`/servers/${firstServer().id}`);
  const button = page.getByRole('button', { name: 'Shut down…' });
  await button.focus();
  await page.keyboard.press('Enter');
  await dialog(page).waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(sent()).toEqual([]);
});

test('shutting a server down needs a reason; the command is followed until it is acknowledged', async () => {
  const server = firstServer();
  const { page } = await site.open(`/servers/${server.id}`);
  await page.getByRole('button', { name: 'Shut down…' }).click();
  await dialog(page).getByText('Concerned now').waitFor();
  const submit = dialog(page).getByRole('button', { name: 'Shut down', exact: true });
  expect(await submit.isDisabled()).toBe(true);
  await choose(page, 'Time to finish its matches', '5 minutes');
  await dialog(page).getByLabel('Reason').fill('new kernel');
  await confirm(page, 'Shut down');
  expect(sent()).toEqual([
    { action: 'server.shutdown', detail: { graceSeconds: 300, reason: 'new kernel' } },
  ]);
  const row = page.getByRole('row', { name: /shut down within 300 s/ });
  await row.getByText('Not yet sent').waitFor();
  const [command] = server.commands;
  if (command === undefined) throw new Error('There is no command');
  for (const [state, label] of [
    ['sent', 'Sent'],
    ['acknowledged', 'Acknowledged'],
    ['failed', 'Failed'],
  ] as const) {
    await site.fake.emit('commands', [
      { ...command, state, error: state === 'failed' ? 'no such thing' : null },
    ]);
    await row.getByText(label, { exact: true }).waitFor();
  }
  await row.getByText('no such thing').waitFor();
});

test('a player is kicked from a match by name', async () => {
  const server = firstServer();
  const [match] = server.liveMatches;
  if (match === undefined) throw new Error('There is no match');
  const { page } = await site.open(`/servers/${server.id}`);
  await page.getByRole('button', { name: `Kick… match ${match.id.slice(-8)}` }).click();
  const player = site.fake.world.match(match.id).teams[1]?.players[0];
  await choose(page, 'Player', new RegExp(player?.displayName ?? ''));
  await dialog(page).getByLabel('Reason').fill('abuse');
  await confirm(page, 'Kick');
  expect(sent()).toEqual([
    { action: 'server.kick', detail: { matchId: match.id, accountId: player?.accountId, reason: 'abuse' } },
  ]);
  await page.getByRole('row', { name: new RegExp(`kick ${player?.displayName}`) }).waitFor();
});

test('a match that is ready is forced to start, and its roster is sent again', async () => {
  const match = site.fake.world.matches.find((one) => one.state === 'ready');
  if (match === undefined) throw new Error('No match is ready');
  const { page } = await site.open(`/matches/${match.id}`);
  await page.getByRole('button', { name: 'Force start…' }).click();
  await dialog(page).getByText('The match begins without one player.').waitFor();
  await confirm(page, 'Force the start');
  await page.getByRole('button', { name: 'Allow again…' }).click();
  await confirm(page, 'Send the roster');
  expect(sent().map((one) => one.action)).toEqual(['server.force-start', 'server.allow']);
});

test('a match is cancelled, another is void', async () => {
  const { world } = site.fake;
  const running = world.matches.find((match) => match.state === 'running');
  const finished = world.matches.find((match) => match.state === 'finished' && match.voided === null);
  const { page } = await site.open(`/matches/${running?.id}`);
  await page.getByRole('button', { name: 'Cancel the match…' }).click();
  await dialog(page).getByLabel('Reason').fill('stuck');
  await confirm(page, 'Cancel the match');
  await page.getByText('Cancelled', { exact: true }).waitFor();
  await page.goto('about:blank');
  const second = await site.open(`/matches/${finished?.id}`);
  await second.page.getByRole('button', { name: 'Void…' }).click();
  await dialog(second.page).getByLabel('Reason').fill('server cheated');
  await confirm(second.page, 'Void the match');
  await second.page.getByText('Void pending').waitFor();
  await second.page.getByText('server cheated').waitFor();
  expect(sent().map((one) => one.action)).toEqual(['match.cancel', 'match.void']);
});

test('a player is banned for a term, and unbanned', async () => {
  const player = firstPlayer();
  const { page } = await site.open(`/players/${player.id}`);
  const before = Date.now();
  await page.getByRole('button', { name: 'Ban…' }).click();
  await choose(page, 'Term', '7 days');
  await dialog(page).getByLabel('Reason').fill('  aimbot  ');
  await confirm(page, 'Ban');
  const [ban] = sent();
  expect(ban).toMatchObject({ action: 'player.ban', detail: { reason: 'aimbot' } });
  expect(Number(ban?.detail['until'])).toBeGreaterThanOrEqual(before + 7 * 86_400_000);
  await page.getByText('Banned', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Unban…' }).click();
  await dialog(page).getByLabel('Reason').fill('appeal granted');
  await confirm(page, 'Unban');
  await page.getByText('Banned', { exact: true }).waitFor({ state: 'detached' });
});

test('a ban until a date needs one that is to come; for ever needs none', async () => {
  const { page } = await site.open(`/players/${firstPlayer().id}`);
  await page.getByRole('button', { name: 'Ban…' }).click();
  await dialog(page).getByLabel('Reason').fill('r');
  await choose(page, 'Term', 'Until a date');
  const submit = dialog(page).getByRole('button', { name: 'Ban', exact: true });
  expect(await submit.isDisabled()).toBe(true);
  await dialog(page).getByRole('textbox', { name: 'Until' }).fill('2001-01-01T00:00');
  expect(await submit.isDisabled()).toBe(true);
  await choose(page, 'Term', 'For ever');
  await confirm(page, 'Ban');
  expect(sent()).toEqual([{ action: 'player.ban', detail: { until: null, reason: 'r' } }]);
});

test('what the server refuses stands at its field, and nothing typed is lost', async () => {
  const { page } = await site.open(`/players/${firstPlayer().id}`);
  await page.getByRole('button', { name: 'Rename…' }).click();
  await dialog(page).getByLabel('Display name').fill('Ada\u200b');
  await dialog(page).getByLabel('Reason').fill('asked for it');
  await dialog(page).getByRole('button', { name: 'Rename', exact: true }).click();
  await dialog(page).getByText('must have nothing invisible').waitFor();
  await dialog(page).getByText('It was not done.').waitFor();
  await dialog(page).getByLabel('Display name').fill('Countess');
  await confirm(page, 'Rename');
  await page.getByRole('heading', { level: 1, name: 'Countess' }).waitFor();
  expect(sent()).toEqual([
    { action: 'player.rename', detail: { displayName: 'Countess', reason: 'asked for it' } },
  ]);
});

test('sessions are ended, an entry is taken out of a queue', async () => {
  const { page } = await site.open(`/players/${firstPlayer().id}`);
  await page.getByRole('button', { name: 'End sessions…' }).click();
  await dialog(page).getByLabel('Reason').fill('stolen');
  await confirm(page, 'End the sessions');
  await page.getByText('Not logged in.').waitFor();
  const queue = await site.open('/queues/duel');
  const [entry] = site.fake.world.entries;
  await queue.page.getByRole('button', { name: `Remove… ${entry?.displayName}`, exact: true }).click();
  await dialog(queue.page).getByLabel('Reason').fill('stuck');
  await confirm(queue.page, 'Remove');
  await queue.page
    .getByRole('button', { name: `Remove… ${entry?.displayName}`, exact: true })
    .waitFor({ state: 'detached' });
  expect(sent().map((one) => one.action)).toEqual(['player.end-sessions', 'queue.remove']);
});

test('a dialog stays while its row goes, and says that it came too late', async () => {
  const { page } = await site.open('/queues/duel');
  const [entry] = site.fake.world.entries;
  await page.getByRole('button', { name: `Remove… ${entry?.displayName}`, exact: true }).click();
  await dialog(page).getByText('The player leaves the queue').waitFor();
  site.fake.world.entries = [];
  await page.getByText('Nobody waits.').waitFor();
  site.fake.broken = {
    type: '/problems/not-found',
    title: 'Not found',
    status: 404,
    detail: 'The player waits no more.',
  };
  await dialog(page).getByLabel('Reason').fill('stuck');
  await dialog(page).getByRole('button', { name: 'Remove', exact: true }).click();
  await dialog(page).getByText('The player waits no more.').waitFor();
  expect(await dialog(page).getByLabel('Reason').inputValue()).toBe('stuck');
});

test('a certificate is issued, and its file is had once', async () => {
  const { page, errors } = await site.open('/certificates');
  await page.getByRole('button', { name: 'Issue…' }).click();
  await dialog(page).getByLabel('Name').fill('eu-west-01');
  await dialog(page).getByRole('button', { name: 'Issue', exact: true }).click();
  await dialog(page).getByText('is taken by a certificate in force').waitFor();
  await dialog(page).getByLabel('Name').fill('eu-west-99');
  await dialog(page).getByLabel('Days').fill('90');
  await dialog(page).getByRole('button', { name: 'Issue', exact: true }).click();
  const button = dialog(page).getByRole('button', { name: 'Download eu-west-99.s2scert' });
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(download.suggestedFilename()).toBe('eu-west-99.s2scert');
  await dialog(page).getByText('The file was handed to the browser').waitFor();
  expect(await button.isDisabled()).toBe(true);
  expect(site.fake.requests.filter((request) => request.includes('/downloads/'))).toHaveLength(1);
  expect(sent()).toEqual([{ action: 'certificate.issue', detail: { days: 90 } }]);
  // The name that was refused is told by the browser's console too.
  expect(errors.filter((error) => !error.includes('400'))).toEqual([]);
});

test('a certificate is revoked with a reason', async () => {
  const { page } = await site.open('/certificates?q=asia-1-12');
  await page.getByRole('button', { name: 'Revoke… asia-1-12' }).click();
  await dialog(page).getByText('Its server loses its connection.').waitFor();
  await dialog(page).getByLabel('Reason').fill('host was broken into');
  await confirm(page, 'Revoke');
  await page.getByText('host was broken into').waitFor();
  expect(sent()).toEqual([{ action: 'certificate.revoke', detail: { reason: 'host was broken into' } }]);
});

test('the master key is rotated only by the number that will die', async () => {
  const { page } = await site.open('/certificates?tab=master-key');
  await page.getByRole('button', { name: 'Rotate the master key…' }).click();
  await dialog(page).getByText(`All ${DYING_CERTIFICATES} certificates die at once`).waitFor();
  await dialog(page).getByLabel('Reason').fill('the key is out');
  await dialog(page).getByLabel('How many certificates will die?').fill('12');
  await dialog(page).getByRole('button', { name: 'Rotate the key' }).click();
  await dialog(page).getByText(`${DYING_CERTIFICATES} certificates would die, not 12.`).waitFor();
  expect(sent()).toEqual([]);
  await dialog(page).getByLabel('How many certificates will die?').fill(String(DYING_CERTIFICATES));
  await dialog(page).getByRole('button', { name: 'Rotate the key' }).click();
  await dialog(page).getByText('9d61b19deffd5a60').waitFor();
  expect(sent()).toEqual([{ action: 'master-key.rotate', detail: { confirm: DYING_CERTIFICATES } }]);
});

test('an operator’s certificate is revoked, but not one’s own', async () => {
  const { page } = await site.open('/certificates?tab=operators');
  expect(await page.getByRole('button', { name: 'Revoke… alice' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Revoke… bob' }).click();
  await dialog(page).getByLabel('Reason').fill('left');
  await confirm(page, 'Revoke');
  expect(sent().map((one) => one.action)).toEqual(['operator-certificate.revoke']);
});

test('maintenance begins with a message that every page shows, and ends', async () => {
  const { page } = await site.open('/settings');
  await page.getByRole('button', { name: 'Begin maintenance…' }).click();
  await dialog(page).getByText('Concerned now: 37 players.').waitFor();
  await dialog(page).getByLabel('Message to players').fill('Back at four');
  await confirm(page, 'Begin maintenance');
  await page.getByText('Players read: “Back at four”').waitFor();
  await page.getByRole('button', { name: 'End maintenance…' }).click();
  await confirm(page, 'End maintenance');
  await page.getByText('Players read: “Back at four”').waitFor({ state: 'detached' });
  expect(sent().map((one) => one.detail['on'])).toEqual([true, false]);
});

test('the address list: a wrong one is named, locking oneself out is asked about', async () => {
  const { page } = await site.open('/settings');
  await page.getByRole('button', { name: 'Add an address' }).click();
  await page.getByRole('textbox', { name: 'Address 2' }).fill('not an address');
  await page.getByRole('button', { name: 'Save the list' }).click();
  await page.getByText('must be an address or a CIDR block').waitFor();
  await page.getByRole('textbox', { name: 'Address 2' }).fill('2001:db8::/32');
  await page.getByRole('button', { name: 'Save the list' }).click();
  await page.getByText('The list is changed.').waitFor();
  await page.getByRole('button', { name: 'Remove address 2' }).click();
  await page.getByRole('button', { name: 'Remove address 1' }).click();
  await page.getByRole('button', { name: 'Save the list' }).click();
  await page.getByText('The list would leave out 127.0.0.1, from which you ask.').waitFor();
  await page.getByRole('button', { name: 'Save it, and lock me out' }).click();
  await page.getByText('Nothing was added here.').waitFor();
  expect(sent().map((one) => one.detail['entries'])).toEqual([2, 0]);
});

test('an action that cannot be previewed cannot be confirmed, and can be tried again', async () => {
  const { page } = await site.open(`/servers/${firstServer().id}`);
  site.fake.broken = { type: '/problems/busy', title: 'Busy', status: 503, detail: 'Too much at once.' };
  await page.getByRole('button', { name: 'Drain…' }).click();
  await dialog(page).getByText('Too much at once.').waitFor();
  expect(await dialog(page).getByRole('button', { name: 'Drain', exact: true }).isDisabled()).toBe(true);
  site.fake.broken = null;
  await dialog(page).getByRole('button', { name: 'Try again' }).click();
  await confirm(page, 'Drain');
  expect(sent()).toHaveLength(1);
});
