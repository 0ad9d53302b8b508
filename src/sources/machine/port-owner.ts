import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

/** Number of ports that are tried. */
const TRIED = 50;

/** The process that listens on a port: `node (process 4711)`; null if that can't be determined. */
export function portOwner(port: number): string | null {
  const pid = process.platform === 'linux' ? ownerByProc(port) : ownerByLsof(port);
  if (pid === null) return null;
  const name = readProcessName(pid);
  return name === null ? `process ${pid}` : `${name} (process ${pid})`;
}

/** The first free port after `port`; null if all that were tried are in use. */
export async function freePortAfter(host: string, port: number): Promise<number | null> {
  const last = Math.min(65_535, port + TRIED);
  for (let next = port + 1; next <= last; next++) if (await isFree(host, next)) return next;
  return null;
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

function ownerByProc(port: number): number | null {
  const sockets = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listening(file, port)),
  );
  if (sockets.size === 0) return null;
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  // The files of other users' processes can't be listed.
  const owner = processes.find((pid) =>
    listEntries(`/proc/${pid}/fd`).some((fd) =>
      sockets.has(readLinkTarget(`/proc/${pid}/fd/${fd}`)),
    ),
  );
  return owner === undefined ? null : Number(owner);
}

/** The sockets that listen on a port, named as in `/proc/PID/fd`. */
function listening(file: string, port: number): string[] {
  const LISTEN = '0A';
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return readText(file)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTEN && local?.endsWith(`:${hex}`) === true)
    .map((fields) => `socket:[${fields[9]}]`);
}

function ownerByLsof(port: number): number | null {
  try {
    const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'];
    const text = execFileSync('lsof', args, { encoding: 'utf8', timeout: 2000, stdio: 'pipe' });
    const pid = /^p(\d+)$/m.exec(text)?.[1];
    return pid === undefined ? null : Number(pid);
  } catch {
    return null;
  }
}

function readProcessName(pid: number): string | null {
  const name = readText(`/proc/${pid}/comm`).trim();
  return name === '' ? null : name;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function listEntries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readLinkTarget(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
