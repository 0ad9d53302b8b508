// From the start of `tail` to its first line, on a short ledger and on one of a million rows, interleaved;
// with BENCH_BESIDE also the tail of another checkout, built.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { benchFolder, bigLedger } from './ledgers.mjs';
import { benchEnvironment, printTable, record, root, statistics } from './measure.mjs';

const RUNS = Number(process.env.BENCH_RUNS ?? 20);
const build = process.env.BENCH_BESIDE;

/** The end of a ledger: one request is to be shown at once. */
function side(rows, from = root) {
  const folder = join(benchFolder, 'tail');
  mkdirSync(folder, { recursive: true });
  const ledger = join(folder, `${rows}.db`);
  for (const end of ['', '-wal', '-shm']) rmSync(ledger + end, { force: true });
  copyFileSync(bigLedger(rows), ledger);
  const db = new Database(ledger, { readonly: true });
  const lastMs = /** @type {number} */ (
    db.prepare('SELECT max(occurred_at_ms) FROM cost_records').pluck().get()
  );
  db.close();
  const args = ['tail', '--json', '--no-refresh', '--since', new Date(lastMs).toISOString()];
  return {
    args: [`${from}dist/cli.cjs`, ...args],
    env: benchEnvironment({ HOME: folder, TELEMETRY_DB_PATH: ledger }),
  };
}

function firstLineMs({ args, env }) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const tail = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    tail.stdout.once('data', () => {
      resolve(performance.now() - startedAt);
      tail.kill('SIGKILL');
    });
    tail.on('error', reject).on('exit', (code) => reject(new Error(`tail ended: ${code}`)));
  });
}

const sides = { '20,000 rows': side(20_000), 'a million rows': side(1_000_000) };
if (build !== undefined) sides['a million rows, the other build'] = side(1_000_000, build);
const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
for (let run = 0; run < RUNS; run++) {
  for (const [name, one] of Object.entries(sides)) times[name].push(await firstLineMs(one));
}
const rows = Object.entries(times).map(([name, runs]) => ({ name, ...statistics(runs) }));
console.log(`${RUNS} interleaved runs, milliseconds from start to first line`);
printTable(rows);
record('tail', { runs: RUNS, rows });
