import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';
import { good, spend } from '../helpers/e2e-budgets.ts';
import { temporaryHome } from '../helpers/e2e-home.ts';
import { Served } from '../helpers/server.ts';
import { hasChromium, open } from './browser.ts';
import { readIn, sessionId, writeSessions } from './scene.ts';

const folder =
  process.env['TALLYHOOK_SCREENSHOTS'] ??
  fileURLToPath(new URL('../../docs/screenshots', import.meta.url));
const isWanted = process.env['TALLYHOOK_SCREENSHOTS'] !== undefined;

/** Pictures for people: TALLYHOOK_SCREENSHOTS names the folder that they go into. */
describe.skipIf(!hasChromium || !isWanted)('screenshots', () => {
  test('of every page, in both themes, and on a phone', async () => {
    mkdirSync(folder, { recursive: true });
    const home = temporaryHome();
    writeSessions(home, { sessions: 60, requests: 40, days: 30 });
    readIn(home);
    spend(home, 'today', 0.4);
    good(home, 'set daily --limit 40 --per day');
    good(home, 'set opus --limit 200 --per month --model claude-opus-4-8 --action stop');
    good(home, 'set small --limit 0.3 --per day');
    const served = await Served.start(home);
    for (const theme of ['light', 'dark'] as const) {
      for (const [name, width] of [
        ['desktop', 1280],
        ['phone', 380],
      ] as const) {
        const { page } = await open(served, { theme, width });
        const shoot = async (file: string): Promise<void> => {
          await page.waitForLoadState('networkidle').catch(() => undefined);
          await page.waitForTimeout(900);
          await page.screenshot({ path: `${folder}/${file}-${theme}-${name}.png`, fullPage: true });
        };
        await page.goto(`${served.url}/?range=7d&by=model&live=0&refresh=0&open=${sessionId(3)}`);
        await shoot('overview');
        await page.goto(`${served.url}/session/${sessionId(3)}?live=0&refresh=0`);
        await shoot('session');
        for (const path of ['budgets', 'alerts', 'coverage', 'prices']) {
          await page.goto(`${served.url}/${path}?range=7d&live=0&refresh=0`);
          await shoot(path);
        }
      }
    }
  });
});
