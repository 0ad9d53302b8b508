import { describe, expect, test } from 'vitest';
import { good, spend } from '../helpers/e2e-budgets.ts';
import { cli, hook, temporaryHome } from '../helpers/e2e-home.ts';
import { append, costState, toolEvent, transcriptPath } from '../helpers/e2e-lines.ts';
import { Served } from '../helpers/server.ts';
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
    await page.getByRole('row', { name: /^silent.*not told/ }).waitFor();
    await page.getByText('1 sessions, $0.25').waitFor();
    expect(faults).toEqual([]);
  });
});
