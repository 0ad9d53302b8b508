import { type ChildProcess, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { channelsOn } from '../../core/alert/alert.ts';
import { type Environment, cliFilePath, ledgerPath } from '../../sources/machine/paths.ts';
import { readSettings } from '../../sources/settings/file.ts';
import type { BackgroundWork } from './background-work.ts';

/** How often to check whether a channel has been set up, or whether the sender has died. */
const CHECK_MS = 30_000;
/** Deliveries in progress have ended by then; a sender that still runs is killed. */
const STOP_MS = 11_000;

/**
 * Finds and sends alerts while the server runs: alerts that quiet hours held back, alerts that a channel
 * refused, and new anomalies. It runs as a separate process, so that waiting for receivers and scanning the
 * ledger do not delay hooks. If no channel is set up, no process is started.
 */
export const alertSender: BackgroundWork = {
  name: 'alerts',
  start: ({ env, warn }) => {
    const sender = new Sender(env, warn);
    sender.check();
    const timer = setInterval(() => sender.check(), CHECK_MS);
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

  check(): void {
    if (this.#child !== null) return;
    const { alerts, telemetry } = readSettings(this.#env);
    if (channelsOn(alerts).length === 0) return;
    const path = ledgerPath(this.#env, telemetry.path);
    const child = spawn(process.execPath, [cliFilePath(), 'alerts', 'send', '--stay'], {
      cwd: dirname(path),
      env: { ...this.#env, TELEMETRY_DB_PATH: path },
      // The sender ends when its stdin is closed, even if the server was killed.
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
