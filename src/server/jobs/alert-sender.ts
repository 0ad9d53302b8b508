import { type ChildProcess, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { channelsOn } from '../../core/alert/alert.ts';
import { type Environment, cliFilePath, ledgerPath } from '../../sources/machine/paths.ts';
import { readSettings } from '../../sources/settings/file.ts';
import type { BackgroundWork } from './background-work.ts';

/** How often it is looked whether a channel was set up meanwhile, or the sender has died. */
const LOOK_MS = 30_000;
/** What is under way has ended by then. */
const STOP_MS = 11_000;

/**
 * Finds and sends alerts while the server runs: what quiet hours held back, what a channel refused, days that
 * turn out unusual. In a process of its own, which waits for receivers and reads the ledger for anomalies
 * while hooks are answered here; none where no channel is set up.
 */
export const alertSender: BackgroundWork = {
  name: 'alerts',
  start: ({ env, warn }) => {
    const sender = new Sender(env, warn);
    sender.look();
    const timer = setInterval(() => sender.look(), LOOK_MS);
    return async () => {
      clearInterval(timer);
      await sender.stop();
    };
  },
};

class Sender {
  readonly #env: Environment;
  readonly #warn: (text: string) => void;
  #child: ChildProcess | null = null;

  constructor(env: Environment, warn: (text: string) => void) {
    this.#env = env;
    this.#warn = warn;
  }

  look(): void {
    if (this.#child !== null) return;
    const { alerts, telemetry } = readSettings(this.#env);
    if (channelsOn(alerts).length === 0) return;
    const path = ledgerPath(this.#env, telemetry.path);
    const child = spawn(process.execPath, [cliFilePath(), 'alerts', 'send', '--stay'], {
      cwd: dirname(path),
      env: { ...this.#env, TELEMETRY_DB_PATH: path },
      // It ends when its input does: also where the server was killed.
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.on('error', (error) => {
      this.#warn(`alerts: ${error.message}`);
      this.#child = null;
    });
    child.on('exit', () => (this.#child = null));
    this.#child = child;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      child.once('exit', () => {
        clearTimeout(late);
        resolve();
      });
      child.stdin?.end();
    });
  }
}
