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
/** The texts are passed as arguments, so that nothing in them is executed. */
const APPLE_SCRIPT =
  'on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run';

export const findDesktop: FindTarget = (_, env) => ({
  send: async (alert, __, timeoutMs) => {
    await sendDesktop(alert, env, timeoutMs);
    return null;
  },
});

/** @throws DeliveryError if this machine can't show notifications */
async function sendDesktop(
  alert: AlertJson,
  env: Record<string, string | undefined>,
  timeoutMs: number,
): Promise<void> {
  const [title, text] = [formatAlertTitle(alert), formatAlertText(alert)];
  if (process.platform === 'darwin') {
    await run('osascript', ['-e', APPLE_SCRIPT, title, text], env, timeoutMs);
  } else if (process.platform === 'win32') {
    throw new DeliveryError('desktop notifications are not supported on Windows');
  } else {
    // Notification servers interpret the text as markup.
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
        reject(new DeliveryError(`${program} did not finish within ${timeoutMs / 1000} s`));
      } else {
        const output = stderr.trim().split('\n')[0] ?? '';
        reject(new DeliveryError(`${program}: ${output || `exited with code ${error.code}`}`));
      }
    });
  });
}
