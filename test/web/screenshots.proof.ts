import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { draft, queueDrafts } from '../helpers/alerts.ts';
import { good, spend } from '../helpers/program/budgets.ts';
import { cli } from '../helpers/program/run.ts';
import { temporaryHome } from '../helpers/home.ts';
import { Served } from '../helpers/program/server.ts';
import { hasChromium, open } from './browser.ts';
import { readIn, writeSessions } from './scene.ts';

const given = process.env['TALLYHOOK_SCREENSHOTS'];
const docs = fileURLToPath(new URL('../../docs/screenshots', import.meta.url));
/** With a folder every page goes there, as a whole; with 1 those of README.md and docs/dashboard.md into docs/. */
const isAll = given !== undefined && given !== '1';
const folder = isAll ? given : docs;

/** Those of README.md and docs/dashboard.md. */
const SHOWN = ['overview-light', 'session-dark', 'budgets-light', 'overview-dark-phone'];

/** Pictures for people: asked for by TALLYHOOK_SCREENSHOTS, a folder or 1. */
if (given === undefined)
  console.warn('skipped: pictures are taken where TALLYHOOK_SCREENSHOTS names a folder');

describe.skipIf(!hasChromium || given === undefined)('screenshots', () => {
  test('of every page, in both themes, and on a phone', async () => {
    mkdirSync(folder, { recursive: true });
    const home = temporaryHome();
    writeSessions(home, { sessions: 60, requests: 40, days: 30 });
    readIn(home);
    spend(home, 'today', 0.4);
    good(home, 'set daily --limit 40 --per day');
    good(home, 'set opus --limit 200 --per month --model claude-opus-4-8 --action stop');
    good(home, 'set small --limit 0.3 --per day');
    queueDrafts(
      home.ledger,
      draft(1, { sessionId: '00000001-5e55-4000-8000-000000000000', channels: [] }),
      draft(2, { channels: [] }),
    );
    cli(home, ['alerts', 'ack', '1']);
    const served = await Served.start(home);
    const { sessions } = await served.get<{ sessions: { sessionId: string }[] }>(
      '/api/costs/sessions?sort=requests&range=7d',
    );
    const longest = `/session/${sessions[0]?.sessionId}?refresh=0`;
    const overview = '/?range=7d&by=model&refresh=0';
    for (const theme of ['light', 'dark'] as const) {
      for (const [suffix, width, height] of [
        ['', 1280, 1000],
        ['-phone', 380, 800],
      ] as const) {
        const { page } = await open(served, { theme, width, height });
        for (const [name, path] of [
          ['overview', overview],
          ['session', longest],
          ['budgets', '/budgets?refresh=0'],
          ['alerts', '/alerts?refresh=0'],
          ['coverage', '/coverage?range=7d&refresh=0'],
          ['prices', '/prices?refresh=0'],
        ] as const) {
          const isShown = SHOWN.includes(`${name}-${theme}${suffix}`);
          if (!isShown && !isAll) continue;
          await page.goto(served.url + path);
          await page.locator('.skeleton').first().waitFor({ state: 'detached' });
          await page.waitForTimeout(800);
          const file = `${folder}/${name}-${theme}${suffix}.png`;
          const picture = await page.screenshot({ path: file, fullPage: isAll });
          expect(picture.length).toBeGreaterThan(0);
        }
      }
    }
  });
});
