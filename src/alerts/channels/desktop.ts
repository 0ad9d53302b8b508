import { execFile } from 'node:child_process';
import type { AlertLevel } from '../../core/alert/alert.ts';
import type { AlertJson } from '../../reports/alerts.ts';
import { formatAlertText, formatAlertTitle } from '../message.ts';
import { DeliveryError } from './http.ts';
import type { FindTarget } from './target.ts';

const URGENCIES: Record<AlertLevel, string> = {
  info: 'low',
  warning: 'normal',
  critical: 'critical',
};
/** The texts are arguments: nothing in them is run. */
const APPLE_SCRIPT =
  'on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run';

export const findDesktop: FindTarget = (_, env) => ({
  send: async (alert, __, timeoutMs) => {
    await sendDesktop(alert, env, timeoutMs);
    return null;
  },
});

/** @throws DeliveryError where this machine shows none */
async function sendDesktop(
  alert: AlertJson,
  env: Record<string, string | undefined>,
  timeoutMs: number,
): Promise<void> {
  const [title, text] = [formatAlertTitle(alert), formatAlertText(alert)];
  if (process.platform === 'darwin') {
    await run('osascript', ['-e', APPLE_SCRIPT, title, text], env, timeoutMs);
  } else if (process.platform === 'win32') {
    throw new DeliveryError('there is no program for it on Windows');
  } else {
    // The text is markup there.
    const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    const urgency = `--urgency=${URGENCIES[alert.level]}`;
    await run(
      'notify-send',
      ['--app-name=tallyhook', urgency, '--', title, escaped],
      env,
      timeoutMs,
    );
  }
}

function run(
  program: string,
  args: string[],
  env: Record<string, string | undefined>,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, timeout: timeoutMs }, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else if (error.code === 'ENOENT') reject(new DeliveryError(`${program} is not installed`));
      else if (error.killed === true) {
        reject(new DeliveryError(`${program} did not end within ${timeoutMs / 1000} s`));
      } else {
        const said = stderr.trim().split('\n')[0] ?? '';
        reject(new DeliveryError(`${program}: ${said || `it ended with ${error.code}`}`));
      }
    });
  });
}
