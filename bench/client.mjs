// Measures what a hook adds to a tool call of Claude Code: interleaved sessions of sequential tool calls
// without a hook, and with `/bin/true`, `node -e 0` and tallyhook's hook registered in the same way.
//   BENCH_RUN_CLIENT: a script that runs Claude Code on a scenario (SCENARIO --dir DIR --settings FILE).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder, hookCommand, setBudgets } from './ledgers.mjs';
import { benchEnvironment, printTable, record, root, statistics } from './measure.mjs';

const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const CALLS = 30;
const runClient = process.env.BENCH_RUN_CLIENT ?? join(root, '../shared/lab/run-client.mjs');
if (!existsSync(runClient))
  throw new Error('set BENCH_RUN_CLIENT to a script that runs Claude Code');

const folder = join(benchFolder, 'client');
mkdirSync(folder, { recursive: true });
const usage = {
  input_tokens: 8,
  output_tokens: 50,
  cache_read_input_tokens: 1000,
  cache_creation_input_tokens: 100,
  service_tier: 'standard',
};
const step = {
  usage,
  content: [{ type: 'tool_use', name: 'Bash', input: { command: 'true', description: 'Nothing' } }],
};
const last = { usage, content: [{ type: 'text', text: 'Done.' }] };
const scenario = join(folder, 'scenario.json');
writeFileSync(
  scenario,
  JSON.stringify({ main: [...Array.from({ length: CALLS }, () => step), last] }),
);

const each = (event, isAsync = false) => [event, '*', isAsync];
const turns = ['PostToolBatch', 'UserPromptSubmit', 'PreCompact'].map((event) => [
  event,
  null,
  false,
]);
/** The registered hooks. The last set is what `init --budgets` adds, on a ledger with 20 budgets. */
const registrations = {
  'PostToolUse, synchronous': [each('PostToolUse')],
  'PostToolUse, asynchronous': [each('PostToolUse', true)],
  'enforcing 20 budgets': turns,
};
const commands = {
  'no hook': null,
  '/bin/true': '/bin/true',
  'node -e 0': `${process.execPath} -e 0`,
  tallyhook: hookCommand(),
};
const times = {};
for (let run = 0; run < RUNS; run++) {
  for (const [registration, wanted] of Object.entries(registrations)) {
    for (const [name, command] of Object.entries(commands)) {
      const dir = join(folder, 'run');
      rmSync(dir, { recursive: true, force: true });
      mkdirSync(dir, { recursive: true });
      const line = `TELEMETRY_DB_PATH=${dir}/telemetry.db ${command}`;
      const hooks = {};
      for (const [event, matcher, isAsync] of command === null ? [] : wanted) {
        const hook = {
          type: 'command',
          command: name === 'tallyhook' ? line : command,
          timeout: 30,
          ...(isAsync ? { async: true } : {}),
        };
        hooks[event] = [{ ...(matcher === null ? {} : { matcher }), hooks: [hook] }];
      }
      if (wanted === turns && name === 'tallyhook') {
        setBudgets(benchEnvironment({ HOME: dir, TELEMETRY_DB_PATH: `${dir}/telemetry.db` }), 20);
      }
      writeFileSync(join(dir, 'settings.json'), JSON.stringify({ hooks }));
      const client = spawnSync(
        process.execPath,
        [runClient, scenario, '--dir', dir, '--settings', join(dir, 'settings.json')],
        { env: benchEnvironment({}), encoding: 'utf8' },
      );
      if (client.status !== 0) throw new Error(client.stderr);
      const { duration_ms } = JSON.parse(client.stdout);
      ((times[registration] ??= {})[name] ??= []).push(duration_ms / CALLS);
    }
  }
}
const rows = Object.entries(times).flatMap(([registration, sides]) =>
  Object.entries(sides).map(([name, runs]) => {
    const added = statistics(runs.map((ms, index) => ms - sides['no hook'][index]));
    const overNode = statistics(runs.map((ms, index) => ms - sides['node -e 0'][index]));
    return {
      name: `${registration}: ${name}`,
      'ms a call': statistics(runs).median,
      'over no hook': added.median,
      'over node -e 0': overNode.median,
    };
  }),
);
console.log(
  `${CALLS} tool calls per session, ${RUNS} interleaved runs, medians of the duration that Claude Code reports`,
);
printTable(rows);
record('client', { runs: RUNS, calls: CALLS, rows });
