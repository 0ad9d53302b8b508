import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXPORT_FORMATS } from '../core/settings/kinds.ts';
import { fingerprint } from '../core/lang/fingerprint.ts';
import { type Environment, dataFolder, expandPathFrom } from '../sources/machine/paths.ts';
import type { SessionExport } from '../sources/settings/file.ts';
import { startDetached } from './detached.ts';

/**
 * Starts the export of a session that has ended, in a process of its own.
 * @throws what keeps the folder from being made or the process from being started
 */
export function startSessionExport(
  sessionId: string,
  facts: {
    env: Environment;
    ledger: string;
    log: string;
    setting: SessionExport | null;
    /** False where what the hook read waits in the spool: then the export reads it first. */
    isRecorded: boolean;
  },
): void {
  const path = exportPath(sessionId, facts.env, facts.ledger, facts.setting);
  if (path === null) return;
  if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const args = ['export', `--session=${sessionId}`, `--output=${path}`];
  if (facts.isRecorded) args.push('--no-refresh');
  args.push(`--problems=${facts.log}`);
  startDetached(args, dirname(path), { ...facts.env, TELEMETRY_DB_PATH: facts.ledger });
}

/**
 * Where a session's export goes; null: nowhere. `EXPORT_COSTS_ON_EXIT` is what older trackers read:
 * on or off, or a folder, or a file by its ending. It beats the setting.
 */
export function exportPath(
  sessionId: string,
  env: Environment,
  ledger: string,
  setting: SessionExport | null,
): string | null {
  const asked = (env['EXPORT_COSTS_ON_EXIT'] ?? '').trim();
  const exports = join(dirname(ledger), 'exports');
  if (/^(?:0|false|no|off)$/i.test(asked)) return null;
  if (/^(?:1|true|yes|on)$/i.test(asked)) return join(exports, `${fileName(sessionId)}.json`);
  if (asked !== '') {
    const path = expandPathFrom(dataFolder(env), asked, env);
    const isFile = EXPORT_FORMATS.some((format) => asked.toLowerCase().endsWith(`.${format}`));
    return isFile ? path : join(path, `${fileName(sessionId)}.json`);
  }
  if (setting === null) return null;
  const folder = setting.folder;
  const place = folder === null ? exports : expandPathFrom(dataFolder(env), folder, env);
  return join(place, `${fileName(sessionId)}.${setting.format}`);
}

/** Session ids come from outside; two that differ never share a file. */
function fileName(sessionId: string): string {
  const safe = sessionId.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_');
  if (safe === sessionId && safe.length <= 100) return safe;
  return `${safe.slice(0, 80)}-${fingerprint(Buffer.from(sessionId)).slice(0, 12)}`;
}
