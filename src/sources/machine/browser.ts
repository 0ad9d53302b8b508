import { spawn } from 'node:child_process';
import type { Environment } from './paths.ts';

/** The program that opens an address on each platform. */
const OPENERS: Partial<Record<NodeJS.Platform, [program: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', '""'],
};

/** A program that is still running after this time has shown the page. */
const STARTED_MS = 3000;

/**
 * Opens an address in the user's browser. The address is visible in the process list, so it must not
 * contain a long-lived secret.
 * @returns why it could not be opened; null if it was, as far as is known
 */
export function openInBrowser(address: string, env: Environment): Promise<string | null> {
  const named = env['BROWSER'];
  const [program, ...args] =
    named !== undefined && named !== '' ? [named] : (OPENERS[process.platform] ?? ['xdg-open']);
  return new Promise((resolve) => {
    const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(`no browser was found (${program} is not installed)`));
    child.once('exit', (code) =>
      resolve(code === 0 ? null : `${program} could not open a browser`),
    );
    setTimeout(() => resolve(null), STARTED_MS).unref();
    child.unref();
  });
}
