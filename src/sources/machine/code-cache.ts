import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { cliFilePath, hookFilePath, packageFolder, statuslineFilePath } from './paths.ts';

/** The most frequently used commands, run on the one session that the hook has recorded. */
const COMMANDS = [
  ['daily', '--json'],
  ['sessions', '--last', '7d'],
  ['summary', '--session', 'last'],
  [],
];

/** Whether all executables have a code cache for the running version of Node. */
export function hasCodeCaches(): boolean {
  const suffix = `-${process.version}-${process.arch}.cache`;
  return [hookFilePath(), statuslineFilePath(), cliFilePath()].every((path) => {
    const prefix = `${basename(path, '.cjs')}-main-`;
    const names = existsSync(dirname(path)) ? readdirSync(dirname(path)) : [];
    return names.some((name) => name.startsWith(prefix) && name.endsWith(suffix));
  });
}

/**
 * Runs each executable on a recorded session and stores V8's code for everything that ran, for the
 * current version of Node. Without the cache, or if its folder can't be written, the executables work
 * the same but start some milliseconds slower.
 */
export function makeCodeCaches(): void {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-cache-'));
  try {
    const projects = join(packageFolder(), 'fixtures/demo/projects/-home-user-invoices');
    const name = readdirSync(projects).find((entry) => entry.endsWith('.jsonl')) ?? '';
    const { TALLYHOOK_DISABLE: _off, TRACK_COSTS: _too, ...others } = process.env;
    const env = { ...others, HOME: folder, TELEMETRY_DB_PATH: join(folder, 'telemetry.db') };
    const run = (executable: string, input: object, ...args: string[]): void => {
      const command = [executable, ...args];
      spawnSync(process.execPath, command, { env, input: JSON.stringify(input) });
    };
    // The ledger is created first, so that the cached code is that of a hook that finds a ledger and new
    // lines.
    run(hookFilePath(), sampleEvent(folder, join(folder, 'none.jsonl')));
    run(hookFilePath(), sampleEvent(folder, join(projects, name)), '--make-cache');
    run(statuslineFilePath(), sampleStatus(folder, basename(name, '.jsonl')), '--make-cache');
    // Each run keeps what is in the cache and adds its own code.
    for (const args of COMMANDS) run(cliFilePath(), {}, ...args, '--make-cache');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sampleEvent(cwd: string, transcriptPath: string): object {
  return {
    hook_event_name: 'PostToolUse',
    session_id: 'cache',
    transcript_path: transcriptPath,
    cwd,
    tool_name: 'Bash',
    tool_use_id: 'cache',
    duration_ms: 1,
  };
}

function sampleStatus(cwd: string, sessionId: string): object {
  return {
    session_id: sessionId,
    cwd,
    model: { id: 'claude-opus-4-8', display_name: 'Opus 4.8' },
    workspace: { current_dir: cwd },
    version: '2.1.330',
    cost: { total_cost_usd: 0.011424, total_duration_ms: 6476, total_api_duration_ms: 123 },
    context_window: { used_percentage: 4 },
    rate_limits: {
      five_hour: { used_percentage: 41, resets_at: 1795297339 },
      seven_day: { used_percentage: 12, resets_at: 1795297339 },
    },
  };
}
