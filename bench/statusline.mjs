// Compares the statusline's whole process with a bare `node -e 0` of the same binary, interleaved. Claude Code's
// status changes in every run, so that each run also writes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scene } from './ledgers.mjs';
import { besideBare, printTable, record, root, timeProcess } from './measure.mjs';

const RUNS = Number(process.env.BENCH_RUNS ?? 200);
const command = `${process.execPath} ${root}dist/hooks/statusline.cjs`;
const scenes = {
  'fresh ledger': scene('statusline-fresh'),
  'ledger of a million rows': scene('statusline-million', { ledgerRows: 1_000_000 }),
};
const sides = { 'node -e 0': null, ...scenes };
const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
for (let run = 0; run < RUNS; run++) {
  for (const [name, side] of Object.entries(sides)) {
    if (side === null) {
      times[name].push(
        timeProcess(`${process.execPath} -e 0`, scenes['fresh ledger'].env, '/dev/null'),
      );
      continue;
    }
    const input = join(side.folder, 'status.json');
    writeFileSync(input, JSON.stringify(status(run)));
    times[name].push(timeProcess(`${command} >/dev/null`, side.env, input));
  }
}
const rows = besideBare(times);
console.log(`${RUNS} interleaved runs, milliseconds, whole processes`);
printTable(rows);
record('statusline', { runs: RUNS, rows });

/** A status of the session in the scene's transcript. */
function status(run) {
  return {
    session_id: 'session',
    cwd: '/home/user/project',
    model: { id: 'claude-opus-4-8', display_name: 'Opus 4.8' },
    workspace: { current_dir: '/home/user/project' },
    version: '2.1.330',
    cost: {
      total_cost_usd: 1 + run / 100,
      total_duration_ms: 60_000 + run,
      total_api_duration_ms: 9000 + run,
    },
    context_window: { used_percentage: run % 100 },
  };
}
