import { existsSync, readFileSync } from 'node:fs';
import { type JsonObject, asObject, parseJson } from '../core/json.ts';
import { type Settings, type SettingsLayer, resolveSettings } from '../core/settings/resolve.ts';
import { type Environment, settingsPath } from './paths.ts';
import { stripComments } from './strip-comments.ts';

export type { SessionExport } from '../core/settings/kinds.ts';
export type { Settings } from '../core/settings/resolve.ts';

/**
 * The settings that count for a hook: the environment's and the user's. Total: a file that can't be
 * read is as good as none, but for a warning. HOT PATH.
 */
export function readSettings(env: Environment): Settings {
  const user = userLayer(env);
  const { settings } = resolveSettings(env, user.layer === null ? [] : [user.layer]);
  settings.warnings.unshift(...user.warnings);
  return settings;
}

/** The user's settings file; a null layer where there is none that can be read. */
export function userLayer(env: Environment): { layer: SettingsLayer | null; warnings: string[] } {
  const path = settingsPath(env);
  if (!existsSync(path)) return { layer: null, warnings: [] };
  const object = readSettingsFile(path);
  if (object !== null) return { layer: { by: 'user', path, object }, warnings: [] };
  const warning = `${path}: is no JSON object that can be read; defaults are used`;
  return { layer: null, warnings: [warning] };
}

/** A settings file, comments and trailing commas allowed; null where it is none or can't be read. */
export function readSettingsFile(path: string): JsonObject | null {
  try {
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    if (text.trim() === '') return {};
    // Only where strict JSON has failed: most files have no comment.
    return asObject(parseJson(text) ?? parseJson(stripComments(text)));
  } catch {
    return null;
  }
}
