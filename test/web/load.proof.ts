import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Home, openFile, temporaryHome } from '../helpers/home.ts';
import { cliFile } from '../helpers/program/run.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';
import { Served } from '../helpers/program/server.ts';
import { hasChromium, open } from './browser.ts';
import { readIn, sessionId, writeSessions } from './scene.ts';

const YEAR_MS = 365 * 86_400_000;
const SESSIONS = 10_000;

/** Ten thousand sessions over a year, through the program's own import. */
function yearOfWork(): Home {
  const home = temporaryHome();
  const now = Date.now();
  const models = ['claude-opus-4-8', 'claude-sonnet-5', 'claude-haiku-4-5', 'gpt-4o'];
  const agents = ['Explore', 'general-purpose', 'code-reviewer'];
  const tools = ['Bash', 'Read', 'Edit', 'Grep', 'WebFetch'];
  for (let index = 0; index < SESSIONS; index++) {
    const session = sessionId(index);
    const startMs = now - ((index + 1) / SESSIONS) * YEAR_MS;
    const project = `project-${index % 40}`;
    const lines = Array.from({ length: 4 }, (_, step) =>
      request({
        session,
        id: `m${index}-${step}`,
        at: new Date(startMs + step * 30_000).toISOString(),
        cwd: `/home/user/${project}`,
        branch: `branch-${index % 60}`,
        model: models[(index + step) % models.length] ?? '',
        output: 500 + (index % 900),
        read: 20_000 + step * 4000,
        write5m: 900,
        tools: [[`t${index}-${step}`, tools[(index + step) % tools.length] ?? '']],
        ...(step === 3
          ? { agentType: agents[index % agents.length] ?? '', agentId: `a${index}` }
          : {}),
      }),
    );
    append(transcriptPath(home, `many-${index % 200}`, `-home-user-${project}`), ...lines);
  }
  // Longer than a command may take in other tests: it reads 40,000 requests.
  execFileSync(process.execPath, [cliFile, 'import'], { env: home.env, cwd: home.folder });
  const db = openFile(home.ledger, { readonly: true });
  const count = db.prepare('SELECT count(*) FROM sessions WHERE requests > 0').pluck().get();
  if (count !== SESSIONS) throw new Error(`${String(count)} sessions`);
  return home;
}

describe.skipIf(!hasChromium)('what it weighs', () => {
  test('the first load is below 400 kB gzipped, and all of it from this server', async () => {
    const home = temporaryHome();
    writeSessions(home, { sessions: 5, requests: 5, days: 0.5 });
    readIn(home);
    const served = await Served.start(home);
    const { page } = await open(served);
    await page.locator('table.sessions').waitFor();
    const sizes = new Map<string, number>();
    page.on('response', (response) => {
      void response
        .body()
        .then((body) => {
          sizes.set(response.url(), gzipSync(body, { level: 9 }).length);
        })
        .catch(() => undefined);
    });
    await page
      .context()
      .newCDPSession(page)
      .then((session) => session.send('Network.setCacheDisabled', { cacheDisabled: true }));
    await page.goto(`${served.url}/?live=0&refresh=0`);
    await page.locator('.recharts-bar-rectangle').first().waitFor();
    await page.waitForLoadState('networkidle');
    const all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    console.log(`first load: ${all} bytes gzipped in ${sizes.size} answers, numbers included`);
    expect(sizes.size).toBeGreaterThan(10);
    expect(all).toBeLessThan(400_000);
    expect([...sizes.keys()].filter((url) => !url.startsWith(served.url))).toEqual([]);
  });

  test('ten thousand sessions and a year of data stay smooth', async () => {
    const served = await Served.start(yearOfWork());
    const { page, faults } = await open(served);
    await page.locator('table.sessions').waitFor();
    await page.evaluate(() => {
      const seen: number[] = [];
      (window as unknown as { long: number[] }).long = seen;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.push(Math.round(duration));
      }).observe({ type: 'longtask' });
    });
    /** Tasks of the page above 50 ms since the last question. */
    const longTasks = () =>
      page.evaluate(() => (window as unknown as { long: number[] }).long.splice(0));
    const counts: Record<string, number[]> = {};
    const act = async (name: string, what: () => Promise<unknown>): Promise<void> => {
      await what();
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(300);
      counts[name] = await longTasks();
    };
    await act('all time', () => page.getByRole('radio', { name: 'All', exact: true }).check());
    await page.getByText(`${SESSIONS.toLocaleString('en-US')} with a request`).waitFor();
    await act('by project', () => page.getByLabel('Group by').selectOption('project'));
    await act('by branch', () => page.getByLabel('Group by').selectOption('branch'));
    await act('sorted by cost', () =>
      page.locator('table.sessions').getByRole('button', { name: 'Cost' }).click(),
    );
    await act('sorted by model', () =>
      page.locator('table.sessions').getByRole('button', { name: 'Model' }).click(),
    );
    await act('next page', () => page.getByRole('button', { name: 'Next' }).click());
    await act('last page', () =>
      page.goto(`${served.url}/?range=all&page=200`).then(() =>
        page.evaluate(() => {
          const seen: number[] = [];
          (window as unknown as { long: number[] }).long = seen;
          new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) seen.push(Math.round(duration));
          }).observe({ type: 'longtask' });
        }),
      ),
    );
    await act('unfolded', () => page.locator('.unfold').first().click());
    await act('scrolled', async () => {
      for (let step = 0; step < 20; step++) await page.mouse.wheel(0, 400);
    });
    console.log('tasks above 50 ms, by what was done:', JSON.stringify(counts));
    const long = Object.values(counts).flat();
    // One for a redraw of every chart may be; a page that stands still has many, or long ones.
    expect(long.filter((ms) => ms > 1000)).toEqual([]);
    expect(long.length).toBeLessThan(3 * Object.keys(counts).length);
    expect(faults).toEqual([]);
  });
});
