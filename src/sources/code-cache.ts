import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hookFilePath, packageFolder } from './paths.ts';

/** Whether the hook has a code cache for the Node that runs this. */
export function hasCodeCache(): boolean {
  const suffix = `-${process.version}-${process.arch}.cache`;
  const folder = dirname(hookFilePath());
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(suffix));
}

/**
 * Runs the built hook once on the recorded session and keeps V8's code of all that it ran, for the
 * Node that runs this. Without it the hook does the same, some milliseconds slower; where its
 * folder can't be written it stays so.
 */
export function makeCodeCache(): void {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-cache-'));
  try {
    const projects = join(packageFolder(), 'fixtures/demo/projects/-home-user-invoices');
    const name = readdirSync(projects).find((entry) => entry.endsWith('.jsonl'));
    const event = {
      hook_event_name: 'PostToolUse',
      session_id: 'cache',
      transcript_path: join(projects, name ?? ''),
      cwd: folder,
      tool_name: 'Bash',
      tool_use_id: 'cache',
      duration_ms: 1,
    };
    const { TALLYHOOK_DISABLE: _off, TRACK_COSTS: _too, ...others } = process.env;
    const env = { ...others, HOME: folder, TELEMETRY_DB_PATH: join(folder, 'telemetry.db') };
    const run = (input: object, ...args: string[]): void => {
      const command = [hookFilePath(), ...args];
      spawnSync(process.execPath, command, { env, input: JSON.stringify(input) });
    };
    // The ledger is made first: what is kept is the code of a hook that finds one, and new lines.
    run({ ...event, transcript_path: join(folder, 'none.jsonl') });
    run(event, '--make-cache');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
