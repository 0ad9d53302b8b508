import { useModelAliases } from '../../core/model/model-name.ts';
import { type JsonObject, asObject, parseJson } from '../../core/lang/json.ts';
import { type Settings, type SettingsLayer, resolveSettings } from '../../core/settings/resolve.ts';
import { FileRefused, MAX_SETTINGS_BYTES, readBounded } from '../../files/read-bounded.ts';
import { type Environment, settingsPath } from '../machine/paths.ts';
import { stripComments } from './strip-comments.ts';

export type { SessionExport } from '../../core/settings/kinds.ts';
export type { Settings } from '../../core/settings/resolve.ts';

/**
 * The effective settings for a hook: of the environment and the user. Never throws: a file that can't be
 * read is ignored with a warning. HOT PATH.
 */
export function readSettings(env: Environment): Settings {
  const user = userLayer(env);
  const { settings } = resolveSettings(env, user.layer === null ? [] : [user.layer]);
  settings.warnings.unshift(...user.warnings);
  useModelAliases(settings.pricing.aliases);
  return settings;
}

/** The user's settings file; the layer is null if it does not exist or can't be read. */
export function userLayer(env: Environment): { layer: SettingsLayer | null; warnings: string[] } {
  const path = settingsPath(env);
  let warning = `${path}: is not a readable JSON object; defaults are used`;
  try {
    const bytes = readBounded(path, { maxBytes: MAX_SETTINGS_BYTES, within: null });
    if (bytes === null) return { layer: null, warnings: [] };
    const object = parseSettings(bytes.toString('utf8'));
    if (object !== null) return { layer: { by: 'user', path, object }, warnings: [] };
  } catch (error) {
    if (error instanceof FileRefused) warning = `${error.message}; defaults are used`;
  }
  return { layer: null, warnings: [warning] };
}

/** Parses a settings file, with comments and trailing commas allowed; null if it is not an object. */
export function parseSettings(content: string): JsonObject | null {
  const text = content.replace(/^\uFEFF/, '');
  if (text.trim() === '') return {};
  // Comments are stripped only if strict JSON fails: most files have none.
  return asObject(parseJson(text) ?? parseJson(stripComments(text)));
}
