// `npm run demo`: replays a recorded session (fixtures/demo) through the real hook executable into
// a fresh ledger, event by event as it happened, and prints the session's summary.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const demo = join(root, 'fixtures/demo');
if (!existsSync(join(root, 'dist/cli.cjs'))) await import('./build.mjs');

const folder = mkdtempSync(join(tmpdir(), 'tallyhook-demo-'));
/** @type {NodeJS.ProcessEnv} */
const env = {
  ...process.env,
  HOME: folder,
  CLAUDE_CONFIG_DIR: join(folder, '.claude'),
  XDG_CONFIG_HOME: join(folder, '.config'),
  TELEMETRY_DB_PATH: join(folder, 'telemetry.db'),
};
delete env['TALLYHOOK_DISABLE'];
delete env['TRACK_COSTS'];

const node = (args, input) => {
  const run = spawnSync(process.execPath, args, {
    env,
    input,
    stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`${args.join(' ')} ended with ${run.status}`);
};

/** Brings a transcript to the length that it had when an event arrived. */
function grow(name, lineCount) {
  const path = join(folder, '.claude/projects', name);
  const lines = readFileSync(join(demo, 'projects', name), 'utf8')
    .split('\n')
    .slice(0, lineCount);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  const meta = name.replace(/\.jsonl$/, '.meta.json');
  if (existsSync(join(demo, 'projects', meta))) {
    cpSync(join(demo, 'projects', meta), path.replace(/\.jsonl$/, '.meta.json'));
  }
}

try {
  const events = readFileSync(join(demo, 'events.jsonl'), 'utf8').trim().split('\n');
  console.log(`Replaying ${events.length} events of a recorded session through the hook ...\n`);
  for (const line of events) {
    const { event, lines } = JSON.parse(
      line.replaceAll('/home/user/.claude', join(folder, '.claude')),
    );
    for (const [name, count] of Object.entries(lines)) grow(name, count);
    node([join(root, 'dist/hooks/record.cjs')], JSON.stringify(event));
  }
  // Only what the hooks recorded: no transcript is read again.
  node([join(root, 'dist/cli.cjs'), 'summary', '--session', 'last', '--no-refresh']);
  const { total_cost_usd } = JSON.parse(readFileSync(join(demo, 'client-total.json'), 'utf8'));
  console.log(`\nThe client itself reported $${total_cost_usd} for this session.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
