// Compares the import of a large history with reading and parsing all of it, in the same run.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { history } from './history.mjs';
import { benchFolder } from './ledgers.mjs';
import { benchEnvironment, printTable, record, root, statistics, timeProcess } from './measure.mjs';

const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const { folder: made, projects, files, megabytes } = history();

const parser = join(benchFolder, 'parse-all.mjs');
writeFileSync(
  parser,
  `import { readFileSync, readdirSync } from 'node:fs';
for (const name of readdirSync(${JSON.stringify(projects)}, { recursive: true })) {
  if (!name.endsWith('.jsonl')) continue;
  for (const line of readFileSync(${JSON.stringify(projects)} + '/' + name, 'utf8').split('\\n')) if (line) JSON.parse(line);
}`,
);
const folder = join(benchFolder, 'import');
const env = benchEnvironment({ HOME: folder, TELEMETRY_DB_PATH: join(folder, 'telemetry.db') });
const cli = `${process.execPath} ${root}dist/cli.cjs`;
const times = { 'read and JSON.parse': [], import: [], 'import again': [] };
for (let run = 0; run < RUNS; run++) {
  rmSync(folder, { recursive: true, force: true });
  times['read and JSON.parse'].push(timeProcess(`${process.execPath} ${parser}`, env, '/dev/null'));
  times.import.push(
    timeProcess(`${cli} import --json --projects ${projects} >/dev/null`, env, '/dev/null'),
  );
  times['import again'].push(
    timeProcess(`${cli} import --json --projects ${projects} >/dev/null`, env, '/dev/null'),
  );
}
const expected = JSON.parse(readFileSync(join(made, 'expected.json'), 'utf8'));
const wanted = Object.values(expected).reduce((sum, model) => sum + model.costNanoUsd, 0);
const report = spawnSync(
  process.execPath,
  [`${root}dist/cli.cjs`, 'summary', '--by', 'model', '--json', '--no-refresh'],
  { env, encoding: 'utf8' },
);
const { costNanoUsd } = JSON.parse(report.stdout).totals;
if (costNanoUsd !== wanted)
  throw new Error(`the ledger has ${costNanoUsd} nano-USD, but the history cost ${wanted}`);

const rows = Object.entries(times).map(([name, runs]) => {
  const wall = statistics(runs.map((run) => run.wallMs)).median / 1000;
  const cpu = statistics(runs.map((run) => run.cpuMs)).median / 1000;
  return { name, 'wall s': wall, 'CPU s': cpu, 'MB/s': Math.round(megabytes / wall) };
});
console.log(
  `${files} files, ${Math.round(megabytes)} MB, medians of ${RUNS} interleaved runs; the total is correct`,
);
printTable(rows);
record('import', { runs: RUNS, megabytes: Math.round(megabytes), rows });
