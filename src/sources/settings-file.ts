import { existsSync, readFileSync } from 'node:fs';
import { type JsonObject, asCount, asObject, asText, parseJson } from '../core/json.ts';
import type { PriceFallback } from '../core/price-table.ts';
import { type Environment, settingsPath } from './paths.ts';

/** The user's settings; what is absent or malformed is its default. */
export interface Settings {
  telemetry: { path: string | null };
  pricing: { file: string | null; fallback: PriceFallback; freeTier: string[] };
  estimate: { warnTokens: number };
  /** Null: the line as tallyhook has it. */
  statusline: { template: string | null };
  /** One per malformed value, naming file, key and value. */
  warnings: string[];
}

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
  const { template } = asObject(object['statusline']) ?? {};
  if (template != null && asText(template) === null) {
    wrong('statusline.template', template, 'is no text');
  }
  return {
    telemetry: { path: asText(telemetry['path']) },
    pricing: {
      file: asText(file),
      fallback: isFallback ? (fallback as PriceFallback) : 'opus',
      freeTier: providers.map((name) => String(name).toLowerCase()),
    },
    estimate: { warnTokens: warnTokens ?? WARN_TOKENS },
    statusline: { template: asText(template) },
    warnings,
  };
}
