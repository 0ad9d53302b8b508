// Compares reports on a ledger of ten million rows over a year with bare Node, and the warm summary of a
// history of 1 GB with ccusage on the same transcripts, in the same run.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { history } from './history.mjs';
import { benchFolder, bigLedger } from './ledgers.mjs';
import { benchEnvironment, printTable, record, root, statistics, timeProcess } from './measure.mjs';

const RUNS = Number(process.env.BENCH_RUNS ?? 21);
const SLOW_RUNS = Number(process.env.BENCH_SLOW_RUNS ?? 3);
const ROWS = Number(process.env.BENCH_ROWS ?? 10_000_000);
const cli = `${process.execPath} ${root}dist/cli.cjs`;
const home = join(benchFolder, 'reports');
rmSync(home, { recursive: true, force: true });
mkdirSync(join(home, '.claude'), { recursive: true });
const env = benchEnvironment({
  HOME: home,
  TELEMETRY_DB_PATH: bigLedger(ROWS),
  TZ: 'Europe/Berlin',
});
const status = join(home, 'status.json');
writeFileSync(
  status,
  JSON.stringify({
    session_id: '00000001-0000-4000-8000-000000000000',
    cwd: home,
    model: { id: 'claude-opus-4-8', display_name: 'Opus 4.8' },
    cost: { total_cost_usd: 1.25, total_duration_ms: 60_000 },
    context_window: { used_percentage: 12 },
  }),
);

/** Runs the commands in turn, so that all are measured under the same load. */
function interleave(commands, runs) {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const [name, { command, env: own = env, input = '/dev/null' }] of Object.entries(
      commands,
    )) {
      times[name].push(timeProcess(`${command} >/dev/null`, own, input));
    }
  }
  return times;
}

function toRows(times, baseline) {
  return Object.entries(times).map(([name, runs]) => {
    const over =
      baseline && statistics(runs.map((run, index) => run.wallMs - times[baseline][index].wallMs));
    return {
      name,
      'wall median': statistics(runs.map((run) => run.wallMs)).median,
      'CPU median': statistics(runs.map((run) => run.cpuMs)).median,
      ...(over && { 'wall over bare': over.median }),
    };
  });
}

const report = (args) => ({ command: `${cli} ${args}` });
const quick = {
  'node -e 0': { command: `${process.execPath} -e 0` },
  overview: report('summary'),
  daily: report('daily'),
  'daily, UTC': { ...report('daily'), env: { ...env, TZ: 'UTC' } },
  '--by model': report('summary --by model'),
  '--by model --last 7d': report('summary --by model --last 7d'),
  'sessions --last 7d': report('sessions --last 7d'),
  statusline: { command: `${process.execPath} ${root}dist/hooks/statusline.cjs`, input: status },
};
const slow = {
  '--by model,tool': report('summary --by model,tool --json'),
  '--by project,branch': report('summary --by project,branch --json'),
  '--by agent-type,tool': report('summary --by agent-type,tool --json'),
  '--by branch,day': report('summary --by branch,day --json'),
  '--by session,model': report('summary --by session,model --json --limit 10'),
};
console.log(`${ROWS} rows, ${RUNS} interleaved runs, milliseconds, whole processes`);
const quickRows = toRows(interleave(quick, RUNS), 'node -e 0');
printTable(quickRows);
console.log(`pairs of dimensions that only rows can answer, ${SLOW_RUNS} runs`);
const slowRows = toRows(interleave(slow, SLOW_RUNS));
printTable(slowRows);
record('reports', { ledgerRows: ROWS, runs: RUNS, quick: quickRows, pairs: slowRows });

/** The ccusage of BENCH_CCUSAGE, or one that is installed only for this comparison. */
function findCcusage() {
  if (process.env.BENCH_CCUSAGE) return process.env.BENCH_CCUSAGE;
  const folder = join(benchFolder, 'ccusage');
  const program = join(folder, 'node_modules/.bin/ccusage');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    // The newest version that also has a binary for this machine.
    const version = process.env.BENCH_CCUSAGE_VERSION ?? 'latest';
    spawnSync('npm', ['install', '--no-save', '--prefix', folder, `ccusage@${version}`], {
      stdio: 'inherit',
    });
  }
  return existsSync(program) ? program : null;
}

const ccusage = findCcusage();
const works = ccusage !== null && spawnSync(ccusage, ['--version']).status === 0;
if (!works) {
  console.log(
    'skipped: no ccusage runs here. Set BENCH_CCUSAGE to a program or BENCH_CCUSAGE_VERSION to a version.',
  );
} else {
  const { folder } = history();
  const claude = { CLAUDE_CONFIG_DIR: folder, TELEMETRY_DB_PATH: join(home, 'history.db') };
  const own = benchEnvironment({ HOME: home, ...claude, TZ: 'UTC' });
  spawnSync(process.execPath, [`${root}dist/cli.cjs`, 'import'], { env: own, stdio: 'inherit' });
  const sides = {
    'node -e 0': { command: `${process.execPath} -e 0`, env: own },
    'ccusage daily --offline': { command: `${ccusage} daily --offline`, env: own },
    'tallyhook daily': { ...report('daily'), env: own },
    'tallyhook daily --no-refresh': { ...report('daily --no-refresh'), env: own },
  };
  const times = interleave(sides, RUNS);
  const rows = toRows(times, 'node -e 0');
  printTable(rows);
  const ratio = (name, field) =>
    Math.round(
      10 *
        statistics(
          times['ccusage daily --offline'].map(
            (run, index) => run[field] / times[name][index][field],
          ),
        ).median,
    ) / 10;
  const faster = {
    wall: ratio('tallyhook daily', 'wallMs'),
    CPU: ratio('tallyhook daily', 'cpuMs'),
    'wall, no refresh': ratio('tallyhook daily --no-refresh', 'wallMs'),
  };
  console.log('time of ccusage divided by time of tallyhook:', faster);
  const totals = {
    ccusage: JSON.parse(
      spawnSync(ccusage, ['daily', '--offline', '--json'], {
        env: own,
        encoding: 'utf8',
        maxBuffer: 1e9,
      }).stdout,
    ).totals.totalCost,
    tallyhook: JSON.parse(
      spawnSync(process.execPath, [`${root}dist/cli.cjs`, 'daily', '--json'], {
        env: own,
        encoding: 'utf8',
        maxBuffer: 1e9,
      }).stdout,
    ).totals.costUsd,
  };
  console.log('totals, USD:', totals);
  record('beside ccusage', { runs: RUNS, rows, faster, totals });
}
