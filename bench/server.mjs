// `tallyhook serve` on a ledger of a million rows: every route that roll-ups answer, at 50 requests a
// second, beside a bare Hono route in the same run; then POST /hook by itself, and while reports are asked.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { scene, turn } from './ledgers.mjs';
import { benchEnvironment, printTable, quantile, record, root } from './measure.mjs';

const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 8);
const EVENTS = Number(process.env.BENCH_EVENTS ?? 400);
const RATE = 50;

const place = scene('server', { ledgerRows: ROWS });
const env = { ...place.env, CLAUDE_CONFIG_DIR: place.folder };
const started = [];

/** Starts a server; @returns the first address that it prints */
async function start(args) {
  const server = spawn(process.execPath, args, {
    env: benchEnvironment(env),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(server);
  let said = '';
  for (;;) {
    const [chunk] = await once(server.stdout, 'data');
    said += chunk;
    const address = /http:\/\/127\.0\.0\.1:\d+(?:\/\?token=(\S+))?/.exec(said);
    if (address !== null) {
      return { url: address[0].replace(/\/\?.*/, ''), token: address[1], pid: server.pid };
    }
  }
}

/** CPU milliseconds of a process and its threads so far; null where the system does not tell. */
function cpuMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return null;
  }
}

/** Latencies in milliseconds of requests at a steady rate. */
async function load(url, headers, pid) {
  const times = [];
  const before = cpuMs(pid);
  const instance = autocannon({
    url,
    headers,
    connections: 5,
    overallRate: RATE,
    duration: SECONDS,
  });
  let failed = 0;
  instance.on('response', (_client, status, _bytes, ms) => {
    if (status === 200) times.push(ms);
    else failed += 1;
  });
  await instance;
  if (failed > 0) throw new Error(`${url}: ${failed} were not answered with 200`);
  if (before !== null) Object.assign(times, { cpu: (cpuMs(pid) - before) / times.length });
  return times;
}

const round = (value) => Math.round(value * 100) / 100;
const row = (name, times) => ({
  name,
  requests: times.length,
  p50: round(quantile(times, 0.5)),
  p95: round(quantile(times, 0.95)),
  max: round(Math.max(...times)),
  ...(times.cpu === undefined ? {} : { 'CPU each': round(times.cpu) }),
});

/** POST /hook one after another, each with new lines in the transcript. */
async function events(url, headers, count) {
  const times = { server: [], client: [] };
  for (let index = 0; index < count; index++) {
    appendFileSync(place.transcript, turn('session'));
    const before = performance.now();
    const answer = await fetch(`${url}/hook`, { method: 'POST', headers, body: place.event });
    await answer.text();
    times.client.push(performance.now() - before);
    if (answer.status !== 200) throw new Error(`/hook: ${answer.status}`);
    times.server.push(Number(/dur=([\d.]+)/.exec(answer.headers.get('server-timing'))[1]));
  }
  return times;
}

try {
  const bare = await start([join(root, 'bench/bare-hono.mjs')]);
  const server = await start([join(root, 'dist/cli.cjs'), 'serve', '--port', '0']);
  const headers = { authorization: `Bearer ${server.token}` };
  const session = '00000100-0000-4000-8000-000000000000';
  const model = 'model=claude-haiku-4-5';
  const routes = [
    '/api/costs',
    `/api/costs?page=${Math.floor(ROWS / 100)}`,
    `/api/costs?${model}&page=50`,
    '/api/costs?project=p7&pageSize=500',
    `/api/costs?sessionId=${session}`,
    '/api/costs/summary',
    '/api/costs/summary?groupBy=model',
    '/api/costs/summary?groupBy=project&range=30d',
    '/api/costs/summary?groupBy=tool&dateFrom=2026-03-05T10:07:00Z',
    '/api/costs/summary?groupBy=model,project',
    '/api/costs/summary?groupBy=day&timezone=Europe/Berlin',
    '/api/costs/sessions',
    '/api/costs/sessions?page=100&pageSize=100',
    `/api/costs/sessions/${session}`,
    '/api/costs/timeseries?interval=day&timezone=Europe/Berlin',
    '/api/costs/timeseries?interval=day&groupBy=model&range=30d',
    '/api/costs/timeseries?interval=hour&range=7d&groupBy=project',
    '/api/costs/timeseries?interval=month&groupBy=agent-type',
    '/api/costs/pricing',
    '/api/costs/budgets',
    '/api/costs/alerts',
    '/api/costs/coverage',
    '/metrics',
  ];
  const only = process.env.BENCH_ROUTES;
  const measured = [row('bare Hono', await load(bare.url, {}, bare.pid))];
  for (const path of routes.filter((one) => only === undefined || one.includes(only))) {
    measured.push(row(path, await load(server.url + path, headers, server.pid)));
  }
  measured.push(row('bare Hono, again', await load(bare.url, {}, bare.pid)));
  console.log(`${ROWS} rows, ${RATE} requests a second for ${SECONDS} s, milliseconds`);
  printTable(measured);

  await events(server.url, headers, 20);
  const alone = await events(server.url, headers, EVENTS);
  const reports = load(`${server.url}/api/costs/summary?groupBy=model`, headers);
  const beside = await events(server.url, headers, EVENTS);
  await reports;
  // A question that reads every row, asked again and again.
  const enough = new AbortController();
  const slow = (async () => {
    const times = [];
    while (!enough.signal.aborted) {
      const before = performance.now();
      const url = `${server.url}/api/costs/summary?groupBy=model,tool&dateFrom=2025-01-${String(1 + (times.length % 28)).padStart(2, '0')}`;
      await (await fetch(url, { headers })).text();
      times.push(performance.now() - before);
    }
    return times;
  })();
  const besideRows = await events(server.url, headers, EVENTS);
  enough.abort();
  const hooks = [
    row('POST /hook, server', alone.server),
    row('POST /hook, as the client sees it', alone.client),
    row('the same beside 50 reports a second, server', beside.server),
    row('the same while every row is read, server', besideRows.server),
    row('reading every row, meanwhile', await slow),
  ];
  printTable(hooks);
  // Latencies tell of the machine as much as of the server where others work on it.
  const load1m = round(loadavg()[0]);
  record('server', {
    load1m,
    ledgerRows: ROWS,
    rate: RATE,
    seconds: SECONDS,
    routes: measured,
    hooks,
  });
} finally {
  for (const server of started) server.kill('SIGTERM');
}
