// How many planted anomalies are found, how many are missed, and how many alarms there are that nothing
// was planted for: over histories of half a year, read and watched in steps as they would have come in.
// The table of docs/anomaly-scoring.md is written by it.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { PEOPLE, SIZES, generated, resampled } from './anomaly-histories.mjs';
import { benchFolder } from './ledgers.mjs';
import { printTable, record, root } from './measure.mjs';

const STEP_MS = 8 * 3_600_000;
const MONTH_MS = 30 * 86_400_000;
const LEVELS = ['info', 'warning', 'critical'];
const tallyhook = await ownModules();
const results = [];

// Several runs of each, so that a row is based on more than one planted anomaly of a size.
const SEEDS = Number(process.env.BENCH_SEEDS ?? 6);
let seed = 1;
const several = (name, make) =>
  results.push(Array.from({ length: SEEDS }, () => score(name, make(seed++))));

for (const [name, person] of Object.entries(PEOPLE)) {
  several(`generated: ${name}`, (from) => generated(person, from));
}
const real = realSessions();
if (real.length === 0) {
  console.log('skipped: ../shared/real does not exist, so no real sessions are scored');
} else {
  for (const [set, sessions] of real) {
    results.push([
      score(`real, as it was: ${String(set)}`, { requests: inOrder(sessions), planted: [] }),
    ]);
  }
  const all = real.flatMap(([, sessions]) => sessions);
  results.push([score('real, all sets as one person', { requests: inOrder(all), planted: [] })]);
  for (const name of ['every workday', 'now and then']) {
    several(`real sessions, ${name}`, (from) => resampled(PEOPLE[name], from, all));
  }
}
const rows = results.map(toRow);
printTable(rows);
record('anomalies', { step: '8 h', seeds: SEEDS, rows });
writeTable(rows);

/** Imports and scans a history in steps, then compares the alerts with the planted anomalies. */
function score(name, { requests, planted }) {
  const folder = join(benchFolder, 'anomalies');
  rmSync(folder, { recursive: true, force: true });
  const projects = join(folder, 'projects');
  mkdirSync(join(projects, '-p'), { recursive: true });
  const db = tallyhook.openLedger(join(folder, 'telemetry.db'), { busyTimeoutMs: 5000 });
  const env = { HOME: folder };
  const settings = { ...tallyhook.readSettings(env), timezone: 'UTC' };
  const writer = new tallyhook.LedgerWriter(
    db,
    tallyhook.builtinPrices(),
    tallyhook.resolveProject,
  );
  const spool = new tallyhook.Spool(join(folder, 'spool'));
  const last = requests.at(-1).atMs;
  let next = 0;
  for (let nowMs = requests[0].atMs + STEP_MS; nowMs < last + 2 * STEP_MS; nowMs += STEP_MS) {
    const before = next;
    while (next < requests.length && requests[next].atMs <= nowMs) {
      const request = requests[next++];
      appendFileSync(join(projects, '-p', `${request.session}.jsonl`), `${toLine(request)}\n`);
    }
    if (next === before) continue;
    tallyhook.importTranscripts(writer, spool, placesIn(projects));
    tallyhook.watchLedger(db, env, settings, nowMs);
  }
  const alerts = db
    .prepare(
      "SELECT subject, window_key AS key, level, session_id AS session, since_ms AS sinceMs FROM alerts WHERE kind = 'anomaly'",
    )
    .all()
    .map((alert) => ({
      ...alert,
      key: alert.key.replace(/^.*?msg_/, '').replace(/[^\w-].*$/, ''),
    }));
  db.close();
  const months = (last - requests[0].atMs) / MONTH_MS;
  console.log(
    `${name}: ${requests.length} requests, ${months.toFixed(1)} months, ${alerts.length} alerts`,
  );
  return { name, requests: requests.length, months, planted, alerts };
}

/** An alert is correct if it is about a planted anomaly, or about a session or day that contains one. */
function isRight(alert, planted) {
  return planted.some((plant) => {
    if (plant.subject === alert.subject) return plant.key === alert.key;
    if (alert.subject === 'session') return alert.key === (plant.session ?? '');
    return alert.subject === 'day' && alert.key === plant.date;
  });
}

function toRow(runs) {
  const months = runs.reduce((sum, run) => sum + run.months, 0);
  const sum = (count) => runs.reduce((total, run) => total + count(run), 0);
  const row = { name: runs[0].name, requests: sum((run) => run.requests), months: round(months) };
  for (const level of ['info', 'warning']) {
    const heard = ({ alerts }) =>
      alerts.filter((alert) => LEVELS.indexOf(alert.level) >= LEVELS.indexOf(level));
    // An alert that was escalated counts once.
    const wrong = runs.flatMap((run) => [
      ...new Map(
        heard(run)
          .filter((alert) => !isRight(alert, run.planted))
          .map((alert) => [`${alert.subject} ${alert.key}`, alert.subject]),
      ).values(),
    ]);
    const parts = Object.keys(SIZES).map(
      (subject) => wrong.filter((one) => one === subject).length,
    );
    const inAll = `${parts[0]} days, ${parts[1]} sessions, ${parts[2]} requests`;
    row[`false a month (${level})`] = isJudgeable(runs[0])
      ? round(wrong.length / months)
      : `${wrong.length} in all`;
    if (level === 'warning') row['these were'] = wrong.length === 0 ? '-' : inAll;
    if (level === 'info') continue;
    for (const subject of Object.keys(SIZES)) {
      const missed = SIZES[subject].map((times) => countMissed(runs, heard, subject, times));
      row[`${subject} missed`] = missed.filter((one) => one !== null).join(', ') || '-';
    }
  }
  return row;
}

/** `x16 2/3`: two of three planted anomalies of 16 times the usual were missed. */
function countMissed(runs, heard, subject, times) {
  let [missed, all] = [0, 0];
  for (const run of runs) {
    const those = run.planted.filter((plant) => plant.subject === subject && plant.times === times);
    const found = heard(run).filter((alert) => alert.subject === subject);
    all += those.length;
    missed += those.filter(({ key }) => !found.some((alert) => alert.key === key)).length;
  }
  return all === 0 ? null : `x${times} ${missed}/${all}`;
}

/** A monthly rate from less than a month of history is not meaningful. */
function isJudgeable({ months }) {
  return months >= 1;
}

function round(number) {
  return Math.round(number * 100) / 100;
}

/** The real sets, each with its sessions; a session is a list of requests in order of time. */
function realSessions() {
  const shared = join(root, '../shared/real');
  if (!existsSync(shared)) return [];
  const folder = join(benchFolder, 'anomalies-real');
  return readdirSync(shared)
    .filter((set) => existsSync(join(shared, set, 'projects')))
    .map((set) => {
      rmSync(folder, { recursive: true, force: true });
      const db = tallyhook.openLedger(join(folder, 'telemetry.db'), { busyTimeoutMs: 5000 });
      const writer = new tallyhook.LedgerWriter(
        db,
        tallyhook.builtinPrices(),
        tallyhook.resolveProject,
      );
      const spool = new tallyhook.Spool(join(folder, 'spool'));
      tallyhook.importTranscripts(writer, spool, placesIn(join(shared, set, 'projects')));
      const requests = db
        .prepare(
          `SELECT session_id AS session, occurred_at_ms AS atMs, model_raw AS model, input_tokens AS input, output_tokens AS output,
             cache_read_tokens AS read, cache_write_5m_tokens + cache_write_1h_tokens AS "write"
           FROM cost_records WHERE cost_nano_usd > 0 ORDER BY occurred_at_ms`,
        )
        .all();
      db.close();
      const names = [...new Set(requests.map(({ session }) => session))];
      return [set, names.map((name) => requests.filter(({ session }) => session === name))];
    });
}

function inOrder(sessions) {
  return sessions
    .flat()
    .map((request, index) => ({ ...request, id: `${request.session}-${index}` }))
    .sort((a, b) => a.atMs - b.atMs);
}

function toLine({ atMs, id, session, model, input, output, read, write }) {
  return JSON.stringify({
    type: 'assistant',
    uuid: `uuid-${id}`,
    sessionId: session,
    timestamp: new Date(atMs).toISOString(),
    requestId: `req_${id}`,
    version: '2.1.330',
    cwd: '/home/user/p',
    message: {
      id: `msg_${id}`,
      role: 'assistant',
      model,
      stop_reason: 'end_turn',
      content: [{ type: 'text', text: 'Done.' }],
      usage: {
        input_tokens: input,
        output_tokens: output,
        cache_read_input_tokens: read,
        cache_creation_input_tokens: write,
      },
    },
  });
}

/** Bundles the modules first, as Node 20 can't run TypeScript. */
/** Claude Code's transcripts below a folder. */
function placesIn(folder) {
  return tallyhook.placesOf(tallyhook.claudeCode, [folder]);
}

async function ownModules() {
  const outfile = join(benchFolder, 'anomalies-modules.mjs');
  const from = {
    'src/alerts/watch.ts': 'watchLedger',
    'src/store/connection/open.ts': 'openLedger',
    'src/store/ingest/writer.ts': 'LedgerWriter',
    'src/store/ingest/spool.ts': 'Spool',
    'src/ingest/import.ts': 'importTranscripts',
    'src/agents/claude-code/index.ts': 'claudeCode',
    'src/sources/transcripts/places.ts': 'placesOf',
    'src/pricing/builtin/table.ts': 'builtinPrices',
    'src/sources/machine/project.ts': 'resolveProject',
    'src/sources/settings/file.ts': 'readSettings',
  };
  const contents = Object.entries(from)
    .map(([path, name]) => `export { ${name} } from './${path}';`)
    .join('\n');
  const require = `import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(${JSON.stringify(pathToFileURL(`${root}package.json`).href)});`;
  mkdirSync(benchFolder, { recursive: true });
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    banner: { js: require },
    define: { 'import.meta.dirname': JSON.stringify(join(root, 'src/store')) },
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

function writeTable(rows) {
  const path = `${root}docs/anomaly-scoring.md`;
  const [start, end] = ['<!-- scores -->', '<!-- end of scores -->'];
  const text = readFileSync(path, 'utf8');
  if (!text.includes(start)) return;
  const names = Object.keys(rows[0]);
  const titles = ['history', ...names.slice(1)];
  const lines = [
    titles,
    names.map(() => '---'),
    ...rows.map((row) => names.map((name) => row[name])),
  ];
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  writeFileSync(path, `${text.split(start)[0]}${start}\n\n${table}\n\n${end}${text.split(end)[1]}`);
}
