import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { UserError } from '../../core/lang/user-error.ts';

export interface CcusageRun {
  version: string;
  command: string;
  /** What it printed: JSON, as it should be. */
  text: string;
}

/** A report over years of transcripts takes it seconds. */
const TIMEOUT_MS = 300_000;
const MAX_BYTES = 512 * 1024 * 1024;

/** These fetch a program that is not there, and can be told not to. */
const FETCHING = ['npx', 'bunx'];

/**
 * Runs the user's own ccusage; nothing is ever installed for it.
 * @param command as the user would type it, such as `npx ccusage`
 * @throws UserError where it is not there or fails
 */
export function runCcusage(command: string, args: string[]): CcusageRun {
  const [program = '', ...first] = command.split(/\s+/).filter((word) => word !== '');
  if (first.includes('dlx') || (basename(program) === 'npm' && first.length > 0)) {
    const hint = 'Install ccusage and name it, as in --command /usr/local/bin/ccusage.';
    throw new UserError(`--command: ${command} would install ccusage`, hint);
  }
  const isFetching = FETCHING.includes(basename(program));
  const all = isFetching ? ['--no-install', ...first] : first;
  const said = run(program, [...all, '--version'], command);
  const version = /\d+\.\d+\.\d+\S*/.exec(said)?.[0] ?? 'of an unknown version';
  // Since 20 a plain `daily` is about all agents together.
  const isOfAll = Number.parseInt(version, 10) >= 20;
  const report = [...(isOfAll ? ['claude'] : []), 'daily', '--json', '--breakdown', '--offline'];
  return { version, command, text: run(program, [...all, ...report, ...args], command) };
}

function run(program: string, args: string[], command: string): string {
  const { error, status, signal, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_BYTES,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const isAbsent = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
  if (isAbsent || /missing packages|could not determine executable/.test(stderr ?? '')) {
    const hint =
      'Name yours: --command /path/to/ccusage, or --command "npx ccusage" (nothing is installed).';
    throw new UserError(`there is no ${command} on this machine`, hint);
  }
  if (status === 0 && error === undefined) return stdout;
  const reason =
    error?.message ?? (stderr.trim().split('\n')[0] || `ended with ${status ?? signal}`);
  const hint = 'It is run as it is installed; "ccusage claude daily" should work by itself.';
  throw new UserError(`${command} failed: ${reason}`, hint);
}
