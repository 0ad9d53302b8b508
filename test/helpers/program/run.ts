import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Home } from '../home.ts';
import { closedEnvironment } from '../hook.ts';

const dist = new URL('../../../dist/', import.meta.url);

export const cliFile = fileURLToPath(new URL('cli.cjs', dist));
export const hookFile = fileURLToPath(new URL('hooks/record.cjs', dist));

/** What a program left behind when it ended; `signal` is SIGKILL where it did not end by itself. */
export interface Run {
  status: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** What a hook leaves behind whatever happens to it. */
export const SILENT: Run = { status: 0, signal: null, stdout: '', stderr: '' };

/** Far beyond what anything here takes: a program that is stopped by it hangs. */
const HANGS_MS = 40_000;

export interface RunOptions {
  args?: string[];
  env?: Record<string, string>;
  /** Runs as this user: modes do not bind root. */
  uid?: number;
}

/** Runs the built hook executable on an event, or on any bytes. */
export function hook(home: Home, input: object | string | Buffer, options: RunOptions = {}): Run {
  const text = typeof input === 'string' || Buffer.isBuffer(input) ? input : JSON.stringify(input);
  const { args = [], env = {}, uid } = options;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [hookFile, ...args], {
    input: text,
    env: { ...home.env, ...env },
    encoding: 'utf8',
    timeout: HANGS_MS,
    killSignal: 'SIGKILL',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { status, signal, stdout, stderr };
}

/** Runs the built command line, with its output into pipes. */
export function cli(
  home: Home,
  args: string[],
  options: { env?: Record<string, string>; cwd?: string; uid?: number } = {},
): Run {
  const { uid } = options;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [cliFile, ...args], {
    cwd: options.cwd ?? home.folder,
    env: { ...home.env, ...options.env },
    encoding: 'utf8',
    timeout: HANGS_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 1e8,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { status, signal, stdout, stderr };
}

/** Runs the built hook executable on what stands on its stdin. */
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
