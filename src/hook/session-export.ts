import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fingerprint } from '../core/lang/fingerprint.ts';
import { type Environment, dataFolder, expandPathFrom } from '../sources/machine/paths.ts';
import type { SessionExport } from '../sources/settings/file.ts';
import { startDetached } from './detached.ts';

/**
 * Starts the export of a session that has ended, in a separate process.
 * @throws if the folder can't be created or the process can't be started
 */
export function startSessionExport(
  sessionId: string,
  facts: {
    env: Environment;
    ledger: string;
    log: string;
    setting: SessionExport;
    /** False if what the hook read is in the spool: the export then reads it first. */
    isRecorded: boolean;
  },
): void {
  const path = exportPath(sessionId, facts.env, facts.ledger, facts.setting);
  if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const args = ['export', `--session=${sessionId}`, `--output=${path}`];
  if (facts.isRecorded) args.push('--no-refresh');
  args.push(`--problems=${facts.log}`);
  startDetached(args, dirname(path), { ...facts.env, TELEMETRY_DB_PATH: facts.ledger });
}

function exportPath(
  sessionId: string,
  env: Environment,
  ledger: string,
  setting: SessionExport,
): string {
  const expand = (path: string): string => expandPathFrom(dataFolder(env), path, env);
  if ('file' in setting) return expand(setting.file);
  const { folder, format } = setting;
  const place = folder === null ? join(dirname(ledger), 'exports') : expand(folder);
  return join(place, `${fileName(sessionId)}.${format}`);
}

/** Session ids come from outside; two different ids never share a file. */
function fileName(sessionId: string): string {
  const safe = sessionId.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_');
  if (safe === sessionId && safe.length <= 100) return safe;
  return `${safe.slice(0, 80)}-${fingerprint(Buffer.from(sessionId)).slice(0, 12)}`;
}
