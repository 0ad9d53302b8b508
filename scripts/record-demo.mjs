// Records fixtures/demo: Claude Code runs our scenario against a scripted API on loopback. A recorder that is
// registered for every event writes each event as received, with the number of lines that each transcript
// had on disk at that time.
//
//   node scripts/record-demo.mjs RUN_CLIENT.mjs
//
// RUN_CLIENT.mjs runs Claude Code on a scenario (`SCENARIO --dir DIR --settings FILE`). Only the fields that
// tallyhook reads are recorded, without Claude Code's own texts and without the machine's paths.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const demo = fileURLToPath(new URL('../fixtures/demo', import.meta.url));
const runClient = process.argv[2];
if (runClient === undefined) throw new Error('usage: node scripts/record-demo.mjs RUN_CLIENT.mjs');

const dir = mkdtempSync(join(tmpdir(), 'tallyhook-demo-'));
const recorder = join(dir, 'recorder.mjs');
writeFileSync(
  recorder,
  `import { appendFileSync, readFileSync, readdirSync } from 'node:fs';
const root = ${JSON.stringify(join(dir, 'home/.claude/projects'))};
const lines = {};
for (const name of readdirSync(root, { recursive: true })) {
  if (name.endsWith('.jsonl')) lines[name] = readFileSync(root + '/' + name, 'utf8').split('\\n').length - 1;
}
const event = JSON.parse(readFileSync(0, 'utf8'));
appendFileSync(${JSON.stringify(join(dir, 'events.jsonl'))}, JSON.stringify({ event, lines }) + '\\n');
`,
);
const hook = { hooks: [{ type: 'command', command: `${process.execPath} ${recorder}` }] };
const names = ['PostToolUse', 'PostToolUseFailure', 'Stop', 'SubagentStop', 'SessionEnd'];
const settings = { hooks: Object.fromEntries(names.map((name) => [name, [hook]])) };
writeFileSync(join(dir, 'settings.json'), JSON.stringify(settings));
const run = spawnSync(
  process.execPath,
  [
    runClient,
    join(demo, 'scenario.json'),
    '--dir',
    dir,
    '--settings',
    join(dir, 'settings.json'),
    '--prompt',
    'The invoice total is wrong. Please mend it.',
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
if (run.status !== 0) throw new Error('Claude Code failed');

const LINE_FIELDS = [
  'type',
  'uuid',
  'parentUuid',
  'sessionId',
  'timestamp',
  'promptId',
  'isSidechain',
  'agentId',
  'attributionAgent',
  'requestId',
  'version',
  'cwd',
  'gitBranch',
  'isMeta',
  'apiBlockIndex',
];
const COST_STATE_FIELDS = ['startTime', 'totalDuration', 'totalCostUSD', 'modelUsage'];

const pick = (object, fields) =>
  Object.fromEntries(
    fields.filter((name) => object[name] !== undefined).map((name) => [name, object[name]]),
  );

function reduced(line) {
  const value = JSON.parse(line);
  const fields = pick(value, LINE_FIELDS);
  if (value.type === 'cost-state') return { ...fields, ...pick(value, COST_STATE_FIELDS) };
  if (value.type !== 'user' && value.type !== 'assistant') return fields;
  const content =
    typeof value.message.content === 'string'
      ? value.message.content
      : value.message.content.map(reducedBlock);
  const message = {
    ...pick(value.message, ['id', 'role', 'model', 'stop_reason', 'usage']),
    content,
  };
  const result = value.toolUseResult;
  const outcome =
    typeof result === 'object' && result !== null
      ? pick(result, ['agentId', 'agentType', 'totalDurationMs', 'durationMs'])
      : null;
  return {
    ...fields,
    message,
    ...(outcome !== null && Object.keys(outcome).length > 0 ? { toolUseResult: outcome } : {}),
  };
}

// Tool results are left out, as they often contain Claude Code's own text.
function reducedBlock(block) {
  return block.type === 'tool_result'
    ? { ...pick(block, ['type', 'tool_use_id', 'is_error']), content: '' }
    : block;
}

const anonymous = (text) =>
  text
    .replaceAll(dir.replace(/[/.]/g, '-') + '-project', '-home-user-invoices')
    .replaceAll(join(dir, 'project'), '/home/user/invoices')
    .replaceAll(join(dir, 'home'), '/home/user');

rmSync(join(demo, 'projects'), { recursive: true, force: true });
const root = join(dir, 'home/.claude/projects');
for (const name of readdirSync(root, { recursive: true }).map(String).sort()) {
  if (!/\.(?:jsonl|meta\.json)$/.test(name)) continue;
  const text = readFileSync(join(root, name), 'utf8');
  const lines = name.endsWith('.jsonl')
    ? text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.stringify(reduced(line)))
    : [
        JSON.stringify(
          pick(JSON.parse(text), ['agentType', 'toolUseId', 'parentAgentId', 'spawnDepth']),
        ),
      ];
  const path = join(demo, 'projects', anonymous(name));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, anonymous(`${lines.join('\n')}\n`));
}
const EVENT_FIELDS = [
  'hook_event_name',
  'session_id',
  'transcript_path',
  'cwd',
  'prompt_id',
  'agent_id',
  'agent_type',
  'agent_transcript_path',
  'tool_name',
  'tool_use_id',
  'duration_ms',
  'reason',
];
const events = readFileSync(join(dir, 'events.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const { event, lines } = JSON.parse(line);
    return JSON.stringify({ event: pick(event, EVENT_FIELDS), lines });
  });
writeFileSync(join(demo, 'events.jsonl'), anonymous(`${events.join('\n')}\n`));
const { total_cost_usd, modelUsage } = JSON.parse(readFileSync(join(dir, 'result.json'), 'utf8'));
writeFileSync(
  join(demo, 'client-total.json'),
  `${JSON.stringify({ total_cost_usd, modelUsage }, null, 1)}\n`,
);
rmSync(dir, { recursive: true, force: true });
console.log(`recorded ${events.length} events in ${relative(process.cwd(), demo)}`);
