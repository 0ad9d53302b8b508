import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A recent version, and one from before transcripts always ended with final counts. */
export const VERSIONS = ['2.1.330', '2.1.197'] as const;
export type Version = (typeof VERSIONS)[number];

/**
 * The executable of Claude Code, installed from the npm registry if necessary: a package with one file for
 * each platform.
 * @throws if it can't be installed, or doesn't run here
 */
export async function installClient(version: Version): Promise<string> {
  const name = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;
  const clients = process.env['TALLYHOOK_CLIENT_DIR'] ?? join(tmpdir(), 'claude-client');
  const folder = join(clients, version);
  const file = process.platform === 'win32' ? 'claude.exe' : 'claude';
  const program = join(folder, 'node_modules', name, file);
  if (!existsSync(program)) await install(`${name}@${version}`, folder);
  const { stdout } = await run(program, ['--version'], { env: { HOME: folder }, timeout: 60_000 });
  if (!stdout.startsWith(version)) throw new Error(`${program} calls itself ${stdout.trim()}`);
  return program;
}

async function install(spec: string, folder: string): Promise<void> {
  console.log(`installing ${spec} into ${folder}`);
  mkdirSync(folder, { recursive: true });
  const cache = join(folder, 'npm-cache');
  const place = ['--prefix', folder, '--cache', cache];
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1'];
  try {
    await run('npm', ['install', ...place, ...quiet, spec]);
  } catch (error) {
    throw new Error(npmReason(error) ?? `npm could not install ${spec}`, { cause: error });
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

/** The most informative line of npm's error output. */
function npmReason(error: unknown): string | null {
  const { stderr } = error as { stderr?: string };
  return /^npm error (?!code |syscall |errno )(.*)$/m.exec(stderr ?? '')?.[1] ?? null;
}
