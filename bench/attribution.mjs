// Attribution of a large history: every request's shares are its cost and every grouping the total, and what
// asking for them takes beside a report of requests in the same run.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { importTypeScript } from '../scripts/import-typescript.mjs';
import { history } from './history.mjs';
import { benchFolder } from './ledgers.mjs';
import { benchEnvironment, printTable, record, root, statistics, timeProcess } from './measure.mjs';

const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const GROUPINGS = [
  'cause',
  'part',
  'tool,part',
  'file',
  'mcp-server',
  'skill',
  'cause,model',
  'day,cause',
];
const { projects, files, megabytes } = history();
const folder = join(benchFolder, 'attribution');
const ledger = join(folder, 'telemetry.db');
const env = benchEnvironment({ HOME: folder, TELEMETRY_DB_PATH: ledger });
rmSync(folder, { recursive: true, force: true });
const cli = (...args) => {
  const run = spawnSync(process.execPath, [`${root}dist/cli.cjs`, ...args], {
    env,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
};
cli('import', '--projects', projects);

const { AttributionReader } = await importTypeScript(root + 'src/store/attribution/reader.ts');
const { NO_FILTER } = await importTypeScript(root + 'src/store/records/filter.ts');
const { walkShares } = await importTypeScript(root + 'src/reports/explain/explain.ts');
const db = new Database(ledger, { readonly: true });
let requests = 0;
await walkShares(new AttributionReader(db), NO_FILTER, ({ request, shares }) => {
  const sum = shares.reduce((all, { costNanoUsd }) => all + costNanoUsd, 0);
  if (sum !== (request.costNanoUsd ?? 0)) throw new Error(`${request.id}: shares sum to ${sum}`);
  requests++;
});
const recorded = db.prepare('SELECT count(*) FROM cost_records').pluck().get();
if (requests !== recorded) throw new Error(`${requests} of ${String(recorded)} requests were told`);
db.close();
for (const by of GROUPINGS) {
  const { totals, groups } = JSON.parse(
    cli('summary', '--by', by, '--attributed', '--json', '--no-refresh'),
  );
  const sum = groups.reduce((all, { costNanoUsd }) => all + BigInt(costNanoUsd), 0n);
  if (sum !== BigInt(totals.costNanoUsd)) throw new Error(`${by}: groups sum to ${sum}`);
}

const reports = {
  'summary --by model': ['summary', '--by', 'model'],
  'summary --by cause': ['summary', '--by', 'cause'],
  'summary --by tool,part --attributed': ['summary', '--by', 'tool,part', '--attributed'],
  'summary --by cause --last 7d': ['summary', '--by', 'cause', '--last', '7d'],
  'explain (the last session)': ['explain'],
};
const times = Object.fromEntries(Object.keys(reports).map((name) => [name, []]));
for (let run = 0; run < RUNS; run++) {
  for (const [name, args] of Object.entries(reports)) {
    const command = `${process.execPath} ${root}dist/cli.cjs ${args.join(' ')} --no-refresh >/dev/null`;
    times[name].push(timeProcess(command, env, '/dev/null'));
  }
}
const rows = Object.entries(times).map(([name, runs]) => ({
  name,
  'wall ms': statistics(runs.map((run) => run.wallMs)).median,
  'CPU ms': statistics(runs.map((run) => run.cpuMs)).median,
}));
console.log(
  `${requests} requests of ${files} files, ${Math.round(megabytes)} MB: the shares of each sum to its cost, ` +
    `${GROUPINGS.length} groupings to the total; medians of ${RUNS} interleaved runs`,
);
printTable(rows);
record('attribution', { runs: RUNS, requests, megabytes: Math.round(megabytes), rows });
