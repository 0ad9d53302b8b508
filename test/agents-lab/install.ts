import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RealAgent } from './agent.ts';

const run = promisify(execFile);
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

export interface InstalledAgent {
  command: string[];
  cache: string;
}

/** Installs an agent from the npm registry if necessary, into a folder outside the repository. */
export async function installAgent(name: string, agent: RealAgent): Promise<InstalledAgent> {
  const base = process.env['AGENT_LAB_DIR'] ?? join(tmpdir(), 'agent-lab');
  const into = join(base, `${name}-${agent.version}`);
  const command = agent.command(join(into, 'node_modules'));
  const isThere = () => command.filter((word) => word.startsWith('/')).every(existsSync);
  if (!isThere()) await install(agent.packages, into);
  if (!isThere()) throw new Error(`npm installed no ${command.join(' ')}`);
  return { command, cache: join(into, 'cache') };
}

async function install(packages: string[], into: string): Promise<void> {
  console.log(`installing ${packages.join(' ')} into ${into}`);
  mkdirSync(into, { recursive: true });
  const cache = join(into, 'npm-cache');
  const place = ['--prefix', into, '--cache', cache];
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1'];
  const certificates = existsSync(CERTIFICATES) ? { NODE_EXTRA_CA_CERTS: CERTIFICATES } : {};
  try {
    await run('npm', ['install', ...place, ...quiet, '--omit=optional', ...packages], {
      env: { ...certificates, ...process.env },
      timeout: 300_000,
    });
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}
