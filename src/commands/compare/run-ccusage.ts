import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { UserError } from '../../core/lang/user-error.ts';

export interface CcusageRun {
  version: string;
  command: string;
  /** Its output, expected to be JSON. */
  text: string;
}

/** A report over years of transcripts takes ccusage seconds. */
const TIMEOUT_MS = 300_000;
const MAX_BYTES = 512 * 1024 * 1024;

/** Programs that download a missing package unless told not to. */
const DOWNLOADERS = ['npx', 'bunx'];

/**
 * Runs the user's own ccusage.
 * @param command as the user would type it, such as `npx ccusage`
 * @throws UserError if ccusage is missing or fails
 */
export function runCcusage(command: string, args: string[]): CcusageRun {
  const [program = '', ...first] = command.split(/\s+/).filter((word) => word !== '');
  if (first.includes('dlx') || (basename(program) === 'npm' && first.length > 0)) {
    const hint = 'Install ccusage and name it, e.g. --command /usr/local/bin/ccusage.';
    throw new UserError(`--command: ${command} would install ccusage`, hint);
  }
  const isDownloader = DOWNLOADERS.includes(basename(program));
  const all = isDownloader ? ['--no-install', ...first] : first;
  const versionText = run(program, [...all, '--version'], command);
  const version = /\d+\.\d+\.\d+\S*/.exec(versionText)?.[0] ?? 'of an unknown version';
  // Since version 20 a plain `daily` reports all agents together.
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
  const isMissing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
  if (isMissing || /missing packages|could not determine executable/.test(stderr ?? '')) {
    if (isMissing || !DOWNLOADERS.includes(basename(program))) {
      const hint = `Name your ccusage: --command /path/to/ccusage, or --command 'npx ccusage'.`;
      throw new UserError(`${command} was not found`, hint);
    }
    const hint = `Run \`npx ccusage\` once, or pass --command 'npx -y ccusage'.`;
    throw new UserError(`${basename(program)} has no cached ccusage`, hint);
  }
  if (status === 0 && error === undefined) return stdout;
  const reason =
    error?.message ?? (stderr.trim().split('\n')[0] || `ended with ${status ?? signal}`);
  const hint = 'Check that "ccusage claude daily" works on its own.';
  throw new UserError(`${command} failed: ${reason}`, hint);
}
