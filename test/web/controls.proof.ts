import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';
import { Served } from '../helpers/program/server.ts';
import { hasChromium, open } from './browser.ts';
import { HOSTILE, readIn, sessionId, writeSessions } from './scene.ts';

/** Sixty sessions of a month, and one whose names are an attack. */
function realLedger(): Home {
  const home = temporaryHome();
  writeSessions(home, { sessions: 60, requests: 12, days: 28 });
  const at = new Date(Date.now() - 120_000).toISOString();
  const facts = { session: HOSTILE, id: 'hostile', at, branch: HOSTILE, agentType: HOSTILE };
  append(
    transcriptPath(home, 'hostile'),
    request({ ...facts, agentId: 'h', tools: [['th', HOSTILE]], output: 90_000 }),
  );
  readIn(home);
  return home;
}

const card = (page: Page, name: string) =>
  page.locator('.card', { has: page.getByRole('heading', { name, exact: true }) });
const spend = (page: Page) => card(page, 'Total spend').locator('.card-value');
const panel = (page: Page, title: RegExp) =>
  page.locator('.panel', { has: page.getByRole('heading', { name: title, level: 2 }) });
const rows = (page: Page) => page.locator('table.sessions tbody tr:not(.detail)');

/** The text of something once it is another one. */
async function changed(read: () => Promise<string>, act: () => Promise<unknown>) {
  const before = await read();
  await act();
  await expect.poll(read, { timeout: 15_000 }).not.toBe(before);
  return [before, await read()];
}

describe.skipIf(!hasChromium)('the overview', () => {
  test('time, filters, grouping, measure and table change what is shown; the URL holds it', async () => {
    const served = await Served.start(realLedger());
    const { page, faults } = await open(served);
    await spend(page).waitFor();
    expect(new URL(page.url()).search).toBe('');
    expect(await page.getByRole('radio', { name: '24h' }).isChecked()).toBe(true);

    // The numbers are the server's.
    for (const range of ['1h', '24h', '7d', '30d', 'All']) {
      await page.getByRole('radio', { name: range, exact: true }).check();
      const text = range.toLowerCase();
      const { totals } = await served.get<{ totals: { requests: number } }>(
        `/api/costs/summary?range=${text}`,
      );
      const note = card(page, 'Total spend').locator('.note');
      await expect
        .poll(() => note.textContent().catch(() => ''), { timeout: 15_000 })
        .toContain(`${totals.requests.toLocaleString('en-US')} requests`);
    }
    expect(page.url()).toContain('range=all');

    await page.getByRole('radio', { name: 'Custom' }).check();
    const from = page.getByLabel('First day');
    await changed(
      async () => (await spend(page).textContent()) ?? '',
      () => from.fill(new Date().toISOString().slice(0, 10)),
    );
    expect(page.url()).toContain('range=custom');
    await page.getByRole('radio', { name: 'All', exact: true }).check();

    // A filter changes every part of the page.
    const count = async () =>
      (await panel(page, /^Sessions/)
        .locator('.note')
        .first()
        .textContent()) ?? '';
    await page.getByRole('button', { name: 'Filters' }).click();
    for (const [label, value] of [
      ['Model', 'claude-sonnet-5'],
      ['Project', '/home/user/shop'],
      ['Branch', 'main'],
      ['Tool', 'Bash'],
    ] as const) {
      const [before, after] = await changed(count, () =>
        page.getByRole('combobox', { name: label, exact: true }).selectOption(value),
      );
      expect(parseInt(after ?? '', 10)).toBeLessThan(parseInt(before ?? '', 10));
    }
    const asked = '&model=claude-sonnet-5&project=%2Fhome%2Fuser%2Fshop&tool=Bash&branch=main';
    const wanted = await served.get<{ totals: { costUsd: number } }>(
      `/api/costs/summary?range=all${asked}`,
    );
    await expect
      .poll(() => spend(page).textContent())
      .toContain(wanted.totals.costUsd.toFixed(2).slice(0, -1));
    await page.getByRole('combobox', { name: 'Agent', exact: true }).selectOption('Explore');
    await page.getByText('Nothing matches these filters').first().waitFor();
    await page.getByRole('button', { name: /Agent/ }).click();
    await page.getByRole('button', { name: 'Clear all' }).click();
    await expect.poll(() => page.url()).not.toContain('model=');

    // Grouping, measure, and numbers in the place of charts.
    const legend = page.locator('.legend').first();
    for (const by of ['model', 'project', 'tool', 'branch', 'provider', 'agent-type']) {
      await changed(
        async () => (await legend.textContent()) ?? '',
        () => page.getByLabel('Group by').selectOption(by),
      );
    }
    await page.locator('.recharts-bar-rectangle').first().waitFor();
    for (const measure of ['Tokens', 'Requests']) {
      await page.getByRole('radio', { name: measure }).check();
      await page.getByRole('heading', { name: `${measure} over time` }).waitFor();
      expect(page.url()).toContain(`measure=${measure.toLowerCase()}`);
    }
    await page.getByRole('switch', { name: 'Table' }).click();
    expect(
      await page.getByRole('group', { name: 'Numbers over time' }).locator('tbody tr').count(),
    ).toBeGreaterThan(3);
    await page.getByRole('region', { name: 'By agent' }).locator('table').waitFor();
    await page.getByRole('switch', { name: 'Table' }).click();

    // A group of the legend is a filter too.
    await page.getByLabel('Group by').selectOption('model');
    await page.locator('.legend button', { hasText: 'sonnet 5' }).click();
    expect(page.url()).toContain('model=claude-sonnet-5');

    // What is looked at can be shared, and the back button goes back.
    const shared = page.url();
    const there = await page.context().newPage();
    await there.goto(shared);
    await expect
      .poll(() =>
        spend(there)
          .textContent()
          .catch(() => ''),
      )
      .toBe(await spend(page).textContent());
    await there.close();
    await page.goBack();
    await expect.poll(() => page.url()).not.toContain('model=claude-sonnet-5');

    expect(faults).toEqual([]);
  });

  test('sessions are sorted, paged and unfolded; a hostile name is text', async () => {
    const served = await Served.start(realLedger());
    const { page, faults } = await open(served);
    await page.goto(`${served.url}/?range=all`);
    await rows(page).first().waitFor();
    expect(await rows(page).count()).toBe(50);

    // The hostile session is the newest: its names are shown as they are, and nothing of them has run.
    expect(await rows(page).first().locator('.session-name').textContent()).toBe(HOSTILE);
    expect(await rows(page).first().locator('td').first().textContent()).toBe(HOSTILE);
    await page.getByLabel('Group by').selectOption('branch');
    await page.locator('.legend').first().getByText(HOSTILE, { exact: true }).waitFor();
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    await rows(page).first().locator('.session-name').click();
    await page.getByRole('heading', { level: 1, name: HOSTILE }).waitFor();
    await page.goBack();
    await rows(page).first().waitFor();

    // Each column, both ways, as the server sorts.
    for (const [label, sort] of [
      ['Session', 'session'],
      ['Agent', 'agent'],
      ['Model', 'model'],
      ['Input', 'input'],
      ['Output', 'output'],
      ['Cost', 'cost'],
      ['Time', 'time'],
    ] as const) {
      for (let way = 0; way < 2; way++) {
        await page
          .locator('table.sessions')
          .getByRole('columnheader', { name: label })
          .getByRole('button')
          .click();
        const order = (
          await page
            .locator('table.sessions')
            .getByRole('columnheader', { name: label })
            .getAttribute('aria-sort')
        )?.slice(0, -6);
        const { sessions } = await served.get<{ sessions: { sessionId: string }[] }>(
          `/api/costs/sessions?range=all&sort=${sort}&order=${order}`,
        );
        const first = sessions[0]?.sessionId ?? '';
        const shown = first === HOSTILE ? HOSTILE : first.slice(0, 8);
        await expect
          .poll(() => rows(page).first().locator('.session-name').textContent(), {
            timeout: 15_000,
          })
          .toBe(shown);
      }
    }

    await page.goto(`${served.url}/?range=all`);
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await expect.poll(() => rows(page).count()).toBe(11);
    expect(page.url()).toContain('page=2');
    await page.reload();
    await expect.poll(() => rows(page).count()).toBe(11);
    await page.getByRole('button', { name: 'Previous' }).click();
    await expect.poll(() => rows(page).count()).toBe(50);

    await rows(page).nth(1).getByRole('button').click();
    for (const title of ['Models', 'Tools', 'Prompts']) {
      await page.locator('.details').getByRole('heading', { name: title }).waitFor();
    }
    expect(page.url()).toContain('open=');
    expect(await page.locator('.details .ranked li').count()).toBeGreaterThan(3);
    expect(faults).toEqual([]);
  });

  test('where the money went sums to the total; a session has its timeline', async () => {
    const served = await Served.start(realLedger());
    const { page, faults } = await open(served);
    await page.goto(`${served.url}/?range=all`);
    const shares = page.getByRole('region', { name: 'Where the money went' }).locator('tbody tr');
    await shares.first().waitFor();
    const costs = await shares.locator('td:nth-child(6)').allTextContents();
    const sum = costs.reduce((all, text) => all + Number(text.replace(/[$,<]/g, '')), 0);
    const { totals } = await served.get<{ totals: { costUsd: number } }>(
      '/api/costs/summary?range=all',
    );
    expect(Math.abs(sum - totals.costUsd)).toBeLessThan(0.01 * costs.length);

    const { sessions } = await served.get<{ sessions: { sessionId: string; requests: number }[] }>(
      '/api/costs/sessions?sort=requests',
    );
    const longest = sessions[0];
    await page.goto(`${served.url}/session/${longest?.sessionId}`);
    await page.locator('.recharts-bar-rectangle').first().waitFor();
    await page
      .getByText(`${longest?.requests} requests in order of time`, { exact: false })
      .waitFor();
    // The context grows: what the main thread's requests were sent with, in order.
    await page.getByRole('switch', { name: 'Table' }).click();
    const table = page.getByRole('group', { name: 'Requests' });
    expect(await table.locator('tbody tr').count()).toBe(longest?.requests);
    await page.getByRole('heading', { name: 'Cost breakdown' }).waitFor();
    await page.goto(`${served.url}/session/${sessionId(999)}`);
    await page.getByText('Unknown session').waitFor();
    await page.goto(`${served.url}/prices`);
    await page.getByRole('searchbox').fill('gpt-4o-mini');
    await page
      .getByRole('rowheader', { name: /gpt-4o-mini/ })
      .first()
      .waitFor();
    await page.getByRole('searchbox').fill('no such model');
    await page.getByText('No model matches').waitFor();
    expect(faults).toEqual([]);
  });
});
