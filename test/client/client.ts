import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A late client, and one from before transcripts always ended with final counts. */
export const VERSIONS = ['2.1.330', '2.1.197'] as const;
export type Version = (typeof VERSIONS)[number];

/**
 * The real client's executable, installed from the npm registry where it is not there yet.
 * @throws where it can't be installed or doesn't run here
 */
export async function installClient(version: Version): Promise<string> {
  const name = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;
  const clients = process.env['TALLYHOOK_CLIENT_DIR'] ?? join(tmpdir(), 'claude-client');
  const folder = join(clients, version);
  const file = process.platform === 'win32' ? 'claude.exe' : 'claude';
  const program = join(folder, 'node_modules', name, file);
  if (!existsSync(program)) {
    console.log(`installing ${name}@${version} into ${folder}`);
    mkdirSync(folder, { recursive: true });
    const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
    const cache = ['--cache', join(folder, 'npm-cache')];
    await run('npm', ['install', '--prefix', folder, ...options, ...cache, `${name}@${version}`]);
  }
  const { stdout } = await run(program, ['--version'], { env: { HOME: folder }, timeout: 60_000 });
  if (!stdout.startsWith(version)) throw new Error(`${program} calls itself ${stdout.trim()}`);
  return program;
}
