import { describe, expect, test } from 'vitest';
import { draft, outbox, queueAlerts, queueDrafts } from '../helpers/alerts.ts';
import { good, spend } from '../helpers/program/budgets.ts';
import { cli, hook } from '../helpers/program/run.ts';
import { temporaryHome } from '../helpers/home.ts';
import { append, costState, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { Served } from '../helpers/program/server.ts';
import { hasChromium, open } from './browser.ts';

describe.skipIf(!hasChromium)('pages show what the commands say', () => {
  test('alerts, with the session that each is about', async () => {
    const home = temporaryHome();
    good(home, 'set daily --limit 1 --per day');
    spend(home, 'dear', 1.5);
    const path = transcriptPath(home, 'dear');
    hook(home, toolEvent('dear', path, { hook_event_name: 'PostToolBatch', tool_calls: [] }));
    const told = JSON.parse(cli(home, ['alerts', '--json']).stdout) as {
      alerts: { reason: string }[];
    };
    expect(told.alerts.length).toBeGreaterThan(0);
    const served = await Served.start(home);
    const { page, faults } = await open(served);
    await page.getByRole('link', { name: 'Alerts' }).click();
    await page.locator('.alerts li').first().waitFor();
    expect(await page.locator('.alert-reason').allTextContents()).toEqual(
      told.alerts.map(({ reason }) => reason),
    );
    await page.locator('.alerts').getByText('over').waitFor();
    await page.locator('.alerts').getByRole('link', { name: 'dear' }).click();
    await page.getByRole('heading', { level: 1, name: 'Session dear' }).waitFor();
    expect(faults).toEqual([]);
  });

  test('an alert that is marked as seen here is seen by the command line, and the other way round', async () => {
    const home = temporaryHome();
    queueAlerts(home.ledger, 'webhook', 4);
    const served = await Served.start(home);
    const { page, faults } = await open(served);
    const openHere = (): number[] => {
      const { stdout } = cli(home, ['alerts', '--open', '--json']);
      const { alerts } = JSON.parse(stdout) as { alerts: { number: number }[] };
      return alerts.map(({ number }) => number);
    };
    await page.goto(`${served.url}/alerts?refresh=0&live=0`);
    await page.getByText('4 not seen yet').waitFor();
    await page.getByRole('button', { name: 'Mark as seen: alert 3' }).click();
    await page.getByText('3 not seen yet').waitFor();
    expect(openHere()).toEqual([4, 2, 1]);
    expect(outbox(home).filter(({ state }) => state === 'cancelled')).toHaveLength(1);
    expect(await page.locator('.alerts .is-seen').allTextContents()).toEqual([
      expect.stringMatching(/3: Budget.*seen \d\d:\d\d$/),
    ]);
    await page.getByRole('status').getByText('Alert 3 is marked as seen').waitFor();

    expect(cli(home, ['alerts', 'ack', '1']).stdout).toBe('acknowledged: 1\n');
    await page.getByRole('button', { name: 'Refresh now' }).click();
    await page.getByText('2 not seen yet').waitFor();
    await page.getByRole('button', { name: 'Mark all as seen' }).click();
    await page.getByText('2 alerts are marked as seen').waitFor();
    expect(await page.locator('.alerts .is-seen').count()).toBe(4);
    expect(openHere()).toEqual([]);
    expect(faults).toEqual([]);

    // What can't be done is said, and the alert stays open.
    queueDrafts(home.ledger, draft(9));
    await page.getByRole('button', { name: 'Refresh now' }).click();
    const last = page.getByRole('button', { name: 'Mark as seen: alert 5' });
    await last.waitFor();
    await served.end();
    await last.click();
    await page.getByRole('alert').getByText('The server does not answer').waitFor();
    expect(await last.isVisible()).toBe(true);
    expect(openHere()).toEqual([5]);
  });

  test('coverage, where the client has told of more than its transcripts show', async () => {
    const home = temporaryHome();
    spend(home, 'told', 1.5);
    append(
      transcriptPath(home, 'told'),
      costState(
        'told',
        { 'claude-opus-4-8': { cost: 2, output: 80_000 } },
        { startedAtMs: Date.now() - 60_000 },
      ),
    );
    spend(home, 'silent', 0.25);
    const { totals } = JSON.parse(cli(home, ['coverage', '--json']).stdout) as {
      totals: { unattributedCostUsd: number };
    };
    expect(totals.unattributedCostUsd).toBe(0.5);
    const served = await Served.start(home);
    const { page, faults } = await open(served);
    const card = page.locator('.card', { has: page.getByRole('heading', { name: 'Coverage' }) });
    await card.getByText('75%').waitFor();
    await card.getByRole('link', { name: '$0.50 not in transcripts' }).click();
    const row = page.getByRole('row', { name: /^told/ }).first();
    await page.getByRole('row', { name: /^told/ }).waitFor();
    expect(await row.locator('td').allTextContents()).toEqual(
      expect.arrayContaining(['$1.50', '$2.00', '$0.50', '75%']),
    );
    await page.getByRole('row', { name: /^silent.*none/ }).waitFor();
    await page.getByText('1 session, $0.25').waitFor();
    expect(faults).toEqual([]);
  });
});
