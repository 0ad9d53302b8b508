import { existsSync, readFileSync } from 'node:fs';
import { asObject, asText, parseJson } from '../core/json.ts';
import { type Environment, settingsPath } from './paths.ts';

/** `telemetry.path` of the user's settings; null where there is none that can be read. */
export function configuredLedgerPath(env: Environment): string | null {
  const path = settingsPath(env);
  if (!existsSync(path)) return null;
  try {
    const settings = asObject(parseJson(readFileSync(path, 'utf8')));
    return asText(asObject(settings?.['telemetry'])?.['path']);
  } catch {
    return null;
  }
}
