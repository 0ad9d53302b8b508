import { describe, expect, test } from 'vitest';
import { budget, good } from '../helpers/program/budgets.ts';
import { hook } from '../helpers/program/run.ts';
import { temporaryHome } from '../helpers/home.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { freePort } from '../helpers/free-port.ts';
import { Served } from '../helpers/program/server.ts';
import { addressOf, browser, hasChromium, open } from './browser.ts';
import { readIn, writeSessions } from './scene.ts';

describe.skipIf(!hasChromium)('what goes on', () => {
  test('a record is there within two seconds of its hook; with live off it is not', async () => {
    const home = temporaryHome();
    writeSessions(home, { sessions: 5, requests: 5, days: 0.5 });
    readIn(home);
    const served = await Served.start(home);
    const { page, faults } = await open(served);
    await page.getByRole('switch', { name: 'Live', exact: true }).waitFor();
    await page.locator('table.sessions').waitFor();
    const record = (session: string, id: string): number => {
      const at = new Date().toISOString();
      const path = transcriptPath(home, session);
      append(path, request({ session, id, at, output: 40_000 }));
      hook(home, toolEvent(session, path));
      return Date.now();
    };
    const seen = async (session: string, sinceMs: number): Promise<number> => {
      await page.locator('.feed').getByText(session).waitFor();
      await page.locator('table.sessions').getByText(session).waitFor();
      return Date.now() - sinceMs;
    };
    const times: number[] = [];
    for (const index of [1, 2, 3])
      times.push(await seen(`live-${index}`, record(`live-${index}`, `m${index}`)));
    console.log(`a record was in the feed and in the table ${times.join(', ')} ms after its hook`);
    expect(Math.min(...times)).toBeLessThan(2000);

    await page.getByRole('switch', { name: 'Live', exact: true }).click();
    await page.getByRole('switch', { name: 'Auto-refresh' }).click();
    await page.getByRole('switch', { name: 'Live off' }).waitFor();
    expect(page.url()).toMatch(/live=0.*refresh=0/);
    const requests: string[] = [];
    page.on('request', (sent) => requests.push(sent.url()));
    record('unseen', 'm9');
    await page.waitForTimeout(3000);
    expect(requests).toEqual([]);
    expect(await page.locator('table.sessions').getByText('unseen').count()).toBe(0);
    await page.getByRole('button', { name: 'Refresh now' }).click();
    await page.locator('table.sessions').getByText('unseen').waitFor();
    expect(faults).toEqual([]);
  });

  test('auto-refresh alone brings what is new', async () => {
    const home = temporaryHome();
    writeSessions(home, { sessions: 2, requests: 3, days: 0.5 });
    readIn(home);
    const served = await Served.start(home);
    const { page } = await open(served);
    await page.goto(`${served.url}/?live=0`);
    await page.locator('table.sessions').waitFor();
    const at = new Date().toISOString();
    append(transcriptPath(home, 'polled'), request({ session: 'polled', id: 'p1', at }));
    const polled = page.locator('table.sessions').getByText('polled');
    await polled.waitFor();
    expect(await polled.isVisible()).toBe(true);
  });

  test('a server that ends and comes back is noticed, and gone on with', async () => {
    const home = temporaryHome();
    writeSessions(home, { sessions: 3, requests: 4, days: 0.5 });
    readIn(home);
    const port = await freePort();
    const first = await Served.start(home, ['--port', String(port)]);
    const { page } = await open(first);
    await page.locator('table.sessions').waitFor();
    const isThere = (): boolean =>
      performance.getEntriesByType('resource').some(({ name }) => /\/budgets-.*js$/.test(name));
    await page.waitForFunction(isThere);
    await first.end();
    await page.getByRole('switch', { name: 'Reconnecting' }).waitFor();
    // What was there stays; what was not asked before says why it can't be shown.
    expect(await page.locator('table.sessions').isVisible()).toBe(true);
    await page.getByRole('link', { name: 'Budgets' }).click();
    await page.getByText('The server does not answer').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('The server does not answer').waitFor();

    const at = new Date().toISOString();
    append(transcriptPath(home, 'meanwhile'), request({ session: 'meanwhile', id: 'w1', at }));
    await Served.start(home, ['--port', String(port)]);
    await page.getByText('No budgets yet').waitFor();
    await page.getByRole('switch', { name: 'Live', exact: true }).waitFor();
    await page.goBack();
    await page.locator('table.sessions').getByText('meanwhile').waitFor();
  });

  test('an empty ledger says what to do, a browser without the token too', async () => {
    const home = temporaryHome();
    const served = await Served.start(home);
    const { page, faults } = await open(served);
    await page.goto(`${served.url}/?range=all`);
    await page.getByText('tallyhook init').first().waitFor();
    await page.goto(served.url);
    await page.getByRole('button', { name: 'Show all time' }).first().click();
    await page.getByText('No requests yet').first().waitFor();
    for (const [path, text] of [
      ['budgets', 'No budgets yet'],
      ['alerts', 'No alerts yet'],
      ['coverage', 'No sessions in this period'],
    ] as const) {
      await page.goto(`${served.url}/${path}`);
      await page.getByText(text).waitFor();
    }
    expect(faults).toEqual([]);
    const stranger = await browser();
    const answer = await stranger.page.goto(served.url);
    expect(answer?.status()).toBe(401);
    await stranger.page.getByText('Open the address that tallyhook serve prints').waitFor();
  });

  test('a broken answer is an error with a way out, and the rest of the page works', async () => {
    const home = temporaryHome();
    writeSessions(home, { sessions: 3, requests: 4, days: 0.5 });
    readIn(home);
    const served = await Served.start(home);
    const { page } = await browser();
    let isBroken = true;
    await page.route('**/api/costs/shares*', (asked) =>
      isBroken
        ? asked.fulfill({
            status: 503,
            json: { error: { code: 'ledger_busy', message: 'it is locked', field: null } },
          })
        : asked.continue(),
    );
    await page.goto(addressOf(served));
    const panel = page.getByRole('region', { name: 'Where the money went' });
    await panel.getByText('it is locked').waitFor();
    await page.locator('table.sessions').waitFor();
    isBroken = false;
    await panel.getByRole('button', { name: 'Try again' }).click();
    await panel.locator('tbody tr').first().waitFor();
    expect(await panel.getByText('it is locked').count()).toBe(0);
  });
});

describe.skipIf(!hasChromium)('budgets', () => {
  test('one that is set here is what the command line sees, changed and removed too', async () => {
    const home = temporaryHome();
    writeSessions(home, { sessions: 3, requests: 4, days: 0.1 });
    readIn(home);
    const served = await Served.start(home);
    const { page, faults } = await open(served);
    await page.getByRole('link', { name: 'Budgets' }).click();
    await page.getByRole('button', { name: 'New budget' }).click();
    const form = page.getByRole('form', { name: 'New budget' });
    await form.getByLabel('Name', { exact: true }).fill('not a name');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByRole('alert').getByText('is not a valid name').waitFor();
    await form.getByLabel('Name', { exact: true }).fill('web');
    await form.getByLabel('Limit in USD').fill('ten');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByRole('alert').getByText('is not an amount').waitFor();
    await form.getByLabel('Limit in USD').fill('12.345678901');
    await form.getByRole('combobox', { name: 'Per', exact: true }).selectOption('week');
    await form.getByLabel('At the limit').selectOption('stop');
    await form.getByLabel('Model').fill('opus');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByRole('alert').getByText('is a family of models').waitFor();
    await form.getByLabel('Model').fill('claude-opus-4-8');
    await form.getByLabel('Warn at').fill('50');
    await form.getByRole('button', { name: 'Save' }).click();
    const item = page.getByRole('listitem', { name: 'Budget web' });
    await item.waitFor();

    const listed = () => (JSON.parse(good(home, 'list --json')) as { budgets: object[] }).budgets;
    expect(listed()).toMatchObject([
      {
        name: 'web',
        limitNanoUsd: 12_345_678_901,
        per: 'week',
        action: 'stop',
        warnPercent: 50,
        criticalPercent: 95,
        scope: { model: 'claude-opus-4-8' },
        origin: 'command',
      },
    ]);
    await item.getByRole('button', { name: 'Change web' }).click();
    const change = page.getByRole('form', { name: 'Budget web' });
    await change.getByLabel('Limit in USD').fill('0.001');
    await change.getByRole('button', { name: 'Save' }).click();
    await item.getByText('over').waitFor();
    expect(listed()).toMatchObject([{ limitNanoUsd: 1_000_000, warnPercent: 50, action: 'stop' }]);
    expect(budget(home, 'check').status).toBe(1);

    // And the other way round.
    good(home, 'set shell --limit 5 --per day');
    await page.getByRole('button', { name: 'Refresh now' }).click();
    await page.getByRole('listitem', { name: 'Budget shell' }).waitFor();

    await item.getByRole('button', { name: 'Remove web' }).click();
    await item.getByRole('button', { name: 'Yes, remove it' }).click();
    await item.waitFor({ state: 'detached' });
    expect(listed()).toMatchObject([{ name: 'shell' }]);
    expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
  });
});
