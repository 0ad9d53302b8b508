import { existsSync, readFileSync } from 'node:fs';
import { type JsonObject, asCount, asObject, asText, parseJson } from '../core/json.ts';
import type { PriceFallback } from '../core/price-table.ts';
import { type Environment, settingsPath } from './paths.ts';

/** The user's settings; what is absent or malformed is its default. */
export interface Settings {
  telemetry: { path: string | null };
  pricing: { file: string | null; fallback: PriceFallback; freeTier: string[] };
  estimate: { warnTokens: number };
  export: { onSessionEnd: SessionExport | null };
  /** One per malformed value, naming file, key and value. */
  warnings: string[];
}

/** A file for each session that ends; a null folder is `exports` beside the ledger. */
export interface SessionExport {
  format: 'json' | 'csv' | 'ndjson';
  folder: string | null;
}

const EXPORT_FORMATS: readonly unknown[] = ['json', 'csv', 'ndjson'];
const FALLBACKS: readonly string[] = ['opus', 'sonnet', 'zero', 'none'];
const WARN_TOKENS = 10_000;

/** Total: a file that can't be read is as good as none, but for a warning. */
export function readSettings(env: Environment): Settings {
  const path = settingsPath(env);
  if (!existsSync(path)) return settingsOf({}, path);
  try {
    const object = asObject(parseJson(readFileSync(path, 'utf8')));
    if (object !== null) return settingsOf(object, path);
  } catch {
    // Said below.
  }
  const settings = settingsOf({}, path);
  settings.warnings.push(`${path}: is no JSON object that can be read; defaults are used`);
  return settings;
}

/** `telemetry.path` of the user's settings; null where there is none that can be read. */
export function configuredLedgerPath(env: Environment): string | null {
  return readSettings(env).telemetry.path;
}

function settingsOf(object: JsonObject, path: string): Settings {
  const warnings: string[] = [];
  const wrong = (key: string, value: unknown, what: string): void => {
    const shown = (JSON.stringify(value) ?? 'nothing').slice(0, 80);
    warnings.push(`${path}: ${key}: ${shown} ${what}; ignored`);
  };
  const telemetry = asObject(object['telemetry']) ?? {};
  const pricing = asObject(object['pricing']) ?? {};
  const estimate = asObject(object['estimate']) ?? {};
  const { file, fallback, freeTier } = pricing;
  if (file != null && asText(file) === null) wrong('pricing.file', file, 'is no path');
  const isFallback = typeof fallback === 'string' && FALLBACKS.includes(fallback);
  if (fallback != null && !isFallback) {
    wrong('pricing.fallback', fallback, `is none of ${FALLBACKS.join(', ')}`);
  }
  const providers = Array.isArray(freeTier) ? freeTier.filter((name) => asText(name) !== null) : [];
  const isList = Array.isArray(freeTier) && providers.length === freeTier.length;
  if (freeTier != null && !isList) wrong('pricing.freeTier', freeTier, 'is no list of providers');
  const warnTokens = asCount(estimate['warnTokens']);
  if (estimate['warnTokens'] != null && warnTokens === null) {
    wrong('estimate.warnTokens', estimate['warnTokens'], 'is no number of tokens');
  }
  const exports = asObject(object['export']) ?? {};
  const onSessionEnd = sessionExportOf(exports['onSessionEnd']);
  if (onSessionEnd === undefined) {
    const what = 'is neither true nor {"format": "json", "csv" or "ndjson", "folder": ...}';
    wrong('export.onSessionEnd', exports['onSessionEnd'], what);
  }
  return {
    telemetry: { path: asText(telemetry['path']) },
    pricing: {
      file: asText(file),
      fallback: isFallback ? (fallback as PriceFallback) : 'opus',
      freeTier: providers.map((name) => String(name).toLowerCase()),
    },
    estimate: { warnTokens: warnTokens ?? WARN_TOKENS },
    export: { onSessionEnd: onSessionEnd ?? null },
    warnings,
  };
}

/** Undefined for what can't be understood. */
function sessionExportOf(value: unknown): SessionExport | null | undefined {
  if (value == null || value === false) return null;
  if (value === true) return { format: 'json', folder: null };
  const { format = 'json', folder = null } = asObject(value) ?? { format: null };
  if (!EXPORT_FORMATS.includes(format)) return undefined;
  if (folder !== null && asText(folder) === null) return undefined;
  return { format: format as SessionExport['format'], folder: asText(folder) };
}
