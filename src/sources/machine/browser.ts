import { spawn } from 'node:child_process';
import type { Environment } from './paths.ts';

/** What opens an address on each platform. */
const OPENERS: Partial<Record<NodeJS.Platform, [program: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', '""'],
};

/** A program that is still there by then shows the page. */
const STARTED_MS = 3000;

/**
 * Opens an address in the user's browser. It stands in the process list, so it should hold no secret that lasts.
 * @returns why it could not be opened; null: it was, or nothing says otherwise
 */
export function openInBrowser(address: string, env: Environment): Promise<string | null> {
  const named = env['BROWSER'];
  const [program, ...args] =
    named !== undefined && named !== '' ? [named] : (OPENERS[process.platform] ?? ['xdg-open']);
  return new Promise((resolve) => {
    const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(`no browser was found (${program} is not there)`));
    child.once('exit', (code) =>
      resolve(code === 0 ? null : `${program} could not open a browser`),
    );
    setTimeout(() => resolve(null), STARTED_MS).unref();
    child.unref();
  });
}
