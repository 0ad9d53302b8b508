import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runHook } from '../../src/hook/run.ts';

export const hookFile = fileURLToPath(new URL('../../dist/hooks/record.cjs', import.meta.url));

/** An environment with only the machine's PATH. */
export function closedEnvironment(extra: Record<string, string>): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TZ: 'UTC', ...extra };
}

/** Runs the built hook executable with this stdin. */
export function spawnHook(
  input: string | Buffer,
  env: Record<string, string>,
  args: string[] = [],
): { status: number | null; stdout: string; stderr: string } {
  const run = spawnSync(process.execPath, [hookFile, ...args], {
    input,
    env: closedEnvironment(env),
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** Runs the same code in this process, for thousands of events. */
export function callHook(event: object, env: Record<string, string>): void {
  runHook({
    env: closedEnvironment(env),
    args: [],
    text: JSON.stringify(event),
    arrivedAtMs: Date.now(),
    isLongLived: true,
  });
}
