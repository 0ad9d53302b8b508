import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Home } from '../home.ts';
import type { Run } from './run.ts';

export const statuslineFile = fileURLToPath(
  new URL('../../../dist/hooks/statusline.cjs', import.meta.url),
);

/** Runs the built executable on a status, or on any bytes; without colours unless asked for. */
export function statusline(
  home: Home,
  input: object | string | Buffer,
  env: Record<string, string> = { NO_COLOR: '1' },
): Run {
  const text = typeof input === 'string' || Buffer.isBuffer(input) ? input : JSON.stringify(input);
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [statuslineFile], {
    input: text,
    env: { ...home.env, ...env },
    encoding: 'utf8',
    timeout: 15_000,
    killSignal: 'SIGKILL',
  });
  return { status, signal, stdout, stderr };
}

/** What the executable leaves behind, whatever it was given: exactly one line. */
export function oneLine(line: string): Run {
  return { status: 0, signal: null, stdout: `${line}\n`, stderr: '' };
}
