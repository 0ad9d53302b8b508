// The dashboard beside an empty page of the same server, interleaved in one browser, from the start of navigation:
// when the prerendered frame keeps what is clicked, when React has taken it over and does what was clicked, when the
// rest is there; and what the first load weighs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { scene } from './ledgers.mjs';
import { benchEnvironment, printTable, record, root, statistics } from './measure.mjs';

const ROWS = Number(process.env.BENCH_ROWS ?? 100_000);
const RUNS = Number(process.env.BENCH_RUNS ?? 30);

const place = scene('web', { ledgerRows: ROWS });
const env = benchEnvironment({ ...place.env, CLAUDE_CONFIG_DIR: place.folder });
const web = join(root, 'dist/web');
const empty = join(web, 'empty.html');
const profile = mkdtempSync(join(tmpdir(), 'tallyhook-bench-chromium-'));

const server = spawn(process.execPath, [join(root, 'dist/cli.cjs'), 'serve', '--port', '0'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  writeFileSync(
    empty,
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>-</title></html>',
  );
  let said = '';
  while (!/\?token=\S+/.test(said)) said += (await once(server.stdout, 'data'))[0];
  const [address] = /http:\S+/.exec(said);
  const origin = address.replace(/\/\?.*/, '');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.TALLYHOOK_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'].concat([
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ]),
  });
  const page = context.pages()[0];
  await page.goto(address);
  const loaded = new Set();
  page.on('response', (response) => loaded.add(new URL(response.url()).pathname));

  const marked = async (name) => {
    const isThere = (mark) => performance.getEntriesByName(mark)[0]?.startTime ?? 0;
    return (await page.waitForFunction(isThere, name)).jsonValue();
  };
  /** The empty page is ready when it is parsed, the dashboard when a mark says so. */
  const readyMs = async (path, name) => {
    await page.goto('about:blank');
    await page.goto(origin + path, { waitUntil: 'commit' });
    const handle = await page.waitForFunction((mark) => {
      if (mark !== null) return performance.getEntriesByName(mark)[0]?.startTime ?? 0;
      const [navigation] = performance.getEntriesByType('navigation');
      return /** @type {PerformanceNavigationTiming} */ (navigation).domContentLoadedEventEnd;
    }, name);
    return handle.jsonValue();
  };
  const times = {
    'empty page': [],
    'prerendered frame keeps clicks': [],
    'React has taken over': [],
    'all is there': [],
  };
  for (let run = 0; run < RUNS + 3; run++) {
    const bare = await readyMs('/empty.html', null);
    const whole = await readyMs('/', 'interactive');
    const over = await marked('taken-over');
    const all = await marked('content');
    await page.waitForLoadState('networkidle');
    // The first runs fill the browser's caches, as they do for who opens the page each day.
    if (run < 3) continue;
    times['empty page'].push(bare);
    times['prerendered frame keeps clicks'].push(whole);
    times['React has taken over'].push(over);
    times['all is there'].push(all);
  }
  await context.close();
  const files = readdirSync(join(web, 'assets')).filter((name) => loaded.has(`/assets/${name}`));
  const bytes = ['index.html', 'icon.svg', ...files.map((name) => `assets/${name}`)]
    .map((name) => gzipSync(readFileSync(join(web, name)), { level: 9 }).length)
    .reduce((sum, size) => sum + size, 0);
  const rows = Object.entries(times).map(([name, values]) => ({ name, ...statistics(values) }));
  const toRatio = (row) => Math.round((row.median / rows[0].median) * 100) / 100;
  const [ratio, takenOverRatio] = rows.slice(1).map(toRatio);
  printTable(rows);
  console.log(
    `of the empty page's time: the prerendered frame ${ratio}, React ${takenOverRatio}; first load ${bytes} bytes gzipped`,
  );
  const ratios = { ratio, takenOverRatio };
  record('web', { ledgerRows: ROWS, runs: RUNS, rows, ...ratios, firstLoadGzipBytes: bytes });
} finally {
  server.kill('SIGTERM');
  rmSync(empty, { force: true });
  rmSync(profile, { recursive: true, force: true });
}
