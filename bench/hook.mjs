// Compares the hook's whole process with a bare `node -e 0` of the same binary, interleaved. With BENCH_BESIDE,
// the path of another built checkout, also with its hook, to measure what a change costs.
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askedEvent, scene, turn } from './ledgers.mjs';
import { besideBare, printTable, record, timeProcess } from './measure.mjs';

const RUNS = Number(process.env.BENCH_RUNS ?? 200);
const scenes = {
  'fresh ledger': scene('fresh'),
  'ledger of a million rows': scene('million', { ledgerRows: 1_000_000 }),
  'enforcing 20 budgets, a million rows': scene('budgets', { ledgerRows: 1_000_000, budgets: 20 }),
  'transcript of 100 MB': scene('transcript', { transcriptMegabytes: 100 }),
};
const build = process.env.BENCH_BESIDE;
if (build !== undefined) {
  scenes['fresh ledger, the other build'] = scene('fresh-beside', { build });
  scenes['transcript of 100 MB, the other build'] = scene('transcript-beside', {
    transcriptMegabytes: 100,
    build,
  });
}
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
    // Adds new lines to record in every run.
    appendFileSync(side.transcript, turn('session'));
    const input = join(side.folder, 'event.json');
    writeFileSync(input, side.folder.endsWith('budgets') ? askedEvent(side) : side.event);
    times[name].push(timeProcess(side.command, side.env, input));
  }
}
const rows = besideBare(times);
console.log(`${RUNS} interleaved runs, milliseconds, whole processes`);
printTable(rows);
record('hook', { runs: RUNS, rows });
