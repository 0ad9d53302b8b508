/**
 * Reads values of unknown shape. Every function is total: it returns null for an unexpected value, so that
 * no line of a transcript and no hook payload can make the extractor throw.
 */
export type JsonObject = Record<string, unknown>;

/** Longest text stored for a name or an identifier; real ones are far shorter. */
const MAX_TEXT_LENGTH = 1024;

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : null;
}

export function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A non-empty string, cut to a length that real names do not reach. */
export function asText(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.length > MAX_TEXT_LENGTH ? value.slice(0, MAX_TEXT_LENGTH) : value;
}

/** A whole number from 0 to 2^53 - 1. */
export function asCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** The first millisecond of the year 10000, which neither ISO 8601 nor SQLite can write. */
const END_OF_TIME_MS = 253_402_300_800_000;

/** Milliseconds since 1970 UTC from an ISO 8601 text; null for anything else, or if out of range. */
export function asTimeMs(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const ms = Date.parse(value);
  return ms > 0 && ms < END_OF_TIME_MS ? ms : null;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
