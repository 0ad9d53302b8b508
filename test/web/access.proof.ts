import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { draft, queueDrafts } from '../helpers/alerts.ts';
import { good, spend } from '../helpers/program/budgets.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { Served } from '../helpers/program/server.ts';
import { hasChromium, open } from './browser.ts';
import { HOSTILE, readIn, sessionId, writeSessions } from './scene.ts';

interface Violation {
  id: string;
  impact: string | null;
  nodes: { target: string[]; failureSummary?: string }[];
}

function realLedger(): Home {
  const home = temporaryHome();
  writeSessions(home, { sessions: 60, requests: 20, days: 20 });
  spend(home, HOSTILE.repeat(4), 0.4);
  readIn(home);
  queueDrafts(home.ledger, draft(1, { sessionId: sessionId(1), channels: [] }), draft(2), draft(3));
  cli(home, ['alerts', 'ack', '2']);
  good(home, 'set daily --limit 40 --per day');
  good(
    home,
    'set a-name-as-long-as-it-may-be-a-name-as-long-as-it-may-be-xxxxxxx --limit 0.3 --per day --action stop',
  );
  return home;
}

/** Every page, and what can be unfolded on it. */
const VIEWS: [name: string, path: string, ready: string][] = [
  ['overview', `/?range=all&live=0&refresh=0&open=${sessionId(1)}`, '.recharts-bar-rectangle'],
  [
    'overview in numbers',
    '/?range=all&table=1&live=0&refresh=0&model=claude-opus-4-8',
    'table.causes',
  ],
  ['session', `/session/${sessionId(2)}`, '.bill'],
  ['session in numbers', `/session/${sessionId(2)}?table=1`, '.bill'],
  ['budgets', '/budgets', '.budget'],
  ['alerts', '/alerts', '.alerts li'],
  ['coverage', '/coverage?range=all', 'tbody tr'],
  ['prices', '/prices', 'tbody tr'],
];

async function visit(page: Page, served: Served, path: string, ready: string): Promise<void> {
  await page.goto(served.url + path);
  await page.locator(ready).first().waitFor();
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
  if (path === '/budgets') await page.getByRole('button', { name: 'New budget' }).click();
  if (path.startsWith('/?')) await page.getByRole('button', { name: /^Filters/ }).click();
}

describe.skipIf(!hasChromium)('everybody', () => {
  test.each(['light', 'dark'] as const)('axe finds nothing serious, %s', async (theme) => {
    const served = await Served.start(realLedger());
    // The policy keeps scripts of others out: axe is let in by the browser, not by the page.
    const { page } = await open(served, { theme });
    const found: string[] = [];
    for (const [name, path, ready] of VIEWS) {
      await visit(page, served, path, ready);
      await page.evaluate(axe.source);
      const violations = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run: () => Promise<{ violations: unknown }> };
        };
        return (await axe.run()).violations as never;
      });
      for (const { id, impact, nodes } of violations as Violation[]) {
        const first = nodes[0];
        found.push(
          `${name}: ${impact} ${id} ${first?.target.join(' ')} ${first?.failureSummary ?? ''}`,
        );
      }
    }
    console.log(`axe, ${theme}: ${found.length} findings on ${VIEWS.length} views`);
    for (const one of found) console.log(one);
    expect(found.filter((text) => /: (serious|critical) /.test(text))).toEqual([]);
  });

  test('at 380 px nothing overflows', async () => {
    const served = await Served.start(realLedger());
    const { page } = await open(served, { width: 380, height: 800 });
    const wide: string[] = [];
    for (const [name, path, ready] of VIEWS) {
      await visit(page, served, path, ready);
      const found = await page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        const isFramed = (one: Element): boolean =>
          one.closest('.table-frame, nav, .only-read, .skip') !== null;
        const beyond = [...document.querySelectorAll('body *')].filter((one) => {
          const { right, left } = one.getBoundingClientRect();
          return (right > width + 1 || left < -1) && !isFramed(one);
        });
        const scrolls = document.documentElement.scrollWidth > width;
        return [
          ...(scrolls ? ['the page scrolls sideways'] : []),
          ...beyond.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)),
        ];
      });
      wide.push(...found.map((text) => `${name}: ${text}`));
    }
    expect(wide).toEqual([]);
  });

  test('the keyboard reaches everything, and does it', async () => {
    const served = await Served.start(realLedger());
    const { page } = await open(served);
    await visit(page, served, '/?range=all&live=0&refresh=0', '.recharts-bar-rectangle');
    await page.locator('table.sessions').waitFor();
    // Every control that can be seen has the focus once, in the order of the page; of radios one for the group.
    const wanted = await page.evaluate(() => {
      const controls = [
        ...document.querySelectorAll<HTMLElement>('a, button, input, select, [tabindex="0"]'),
      ];
      return controls
        .filter(
          (one) =>
            one.offsetParent !== null ||
            one.classList.contains('skip') ||
            one instanceof SVGElement,
        )
        .filter((one) => !(one instanceof HTMLButtonElement && one.disabled))
        .filter((one) => !(one instanceof HTMLInputElement && one.type === 'radio' && !one.checked))
        .map((one, index) => {
          one.dataset['order'] = String(index);
          return index;
        });
    });
    await page.locator('.skip').focus();
    const reached = [0];
    for (let step = 0; step < wanted.length + 5; step++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const one = document.activeElement as HTMLElement | null;
        if (one === null || one === document.body) return -1;
        const ring = getComputedStyle(one.closest('.segmented label') ?? one);
        if (ring.outlineStyle === 'none')
          throw new Error(`no ring: ${one.outerHTML.slice(0, 100)}`);
        return Number(one.dataset['order'] ?? -2);
      });
      if (at === -1) break;
      reached.push(at);
    }
    expect(wanted.filter((one) => !reached.includes(one))).toEqual([]);
    expect(reached).not.toContain(-2);

    // Radios by arrows, switches by space, rows by Enter.
    await page.getByRole('radio', { name: 'All', exact: true }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.url()).toContain('range=30d');
    await page.getByRole('switch', { name: 'Table' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('group', { name: 'Numbers over time' }).waitFor();
    await page.locator('.unfold').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('.details').waitFor();
    await page.getByRole('link', { name: 'Budgets' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'New budget' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('by-hand');
    await page.keyboard.press('Tab');
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    await page.getByRole('listitem', { name: 'Budget by-hand' }).waitFor();
    expect(good(served.home, 'list --json')).toContain('by-hand');

    // An alert that is marked as seen loses its button: the keyboard goes on at the next.
    await page.getByRole('link', { name: 'Alerts' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Mark as seen: alert 3' }).focus();
    await page.keyboard.press('Enter');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await expect.poll(focused).toBe('Mark as seen: alert 1');
    await page.keyboard.press('Space');
    await expect.poll(focused).toBe('Alerts');
    await page.getByRole('status').getByText('Alert 1 is marked as seen').waitFor();
    expect(cli(served.home, ['alerts', '--open', '--no-refresh']).stdout).toContain('No alerts');
  });

  test('what is done before React is there is done, and a theme that is chosen stays', async () => {
    const served = await Served.start(realLedger());
    const { page, faults } = await open(served);
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await page.route('**/assets/start-*.js', async (asked) => {
      await held;
      await asked.continue();
    });
    await page.goto(served.url, { waitUntil: 'commit' });
    await page.locator('header').evaluate((header) => (header.dataset['kept'] = '1'));
    await page.getByRole('radio', { name: '7d' }).check();
    await page.getByRole('switch', { name: 'Auto-refresh' }).click();
    await page.getByRole('link', { name: 'Coverage' }).click();
    expect(await page.evaluate(() => performance.getEntriesByName('taken-over').length)).toBe(0);
    letGo();
    await page.getByRole('heading', { level: 1, name: 'Coverage' }).waitFor();
    expect(page.url()).toBe(`${served.url}/coverage?range=7d&refresh=0`);
    // React took the frame as it was, rather than making it anew.
    expect(await page.locator('header').getAttribute('data-kept')).toBe('1');
    expect(await page.locator('nav [aria-current]').allTextContents()).toEqual(['Coverage']);
    expect(await page.locator('.segmented .is-on').first().textContent()).toBe('7d');
    await page.getByRole('radio', { name: '24h' }).check();
    await expect.poll(() => page.url()).toBe(`${served.url}/coverage?refresh=0`);

    await page.getByLabel('Theme').selectOption('dark');
    const background = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await background();
    await page.reload();
    expect(await background()).toBe(dark);
    await page.goto(served.url);
    await page.locator('table.sessions').waitFor();
    expect(await page.getByLabel('Theme').inputValue()).toBe('dark');
    await page.getByLabel('Theme').selectOption('light');
    expect(await background()).not.toBe(dark);
    expect(faults).toEqual([]);
  });
});
