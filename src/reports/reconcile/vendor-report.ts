import { exactUsd } from '../../core/money/exact-usd.ts';
import { type JsonObject, asObject } from '../../core/lang/json.ts';
import type { Vendor, VendorReportKind } from '../../core/vendor-report.ts';
import { canonicalModel } from '../../core/model/model-name.ts';

/** What a vendor billed, or counted, of one model on one day of UTC. */
export interface VendorRow {
  day: string;
  /** Canonical; else what was billed (`web_search`); null where the report does not tell. */
  model: string | null;
  /** In 10^-40 USD, as `core/exact-usd.ts` has it; null in a report of tokens. */
  exactUsd: bigint | null;
  /** As far off as its last digit may be rounded, in the same unit. */
  exactError: bigint;
  /** Null in a report of costs. */
  tokens: VendorTokens | null;
}

/** Disjoint, as in the ledger. */
export interface VendorTokens {
  inputTokens: bigint;
  outputTokens: bigint;
  cacheReadTokens: bigint;
  cacheWriteTokens: bigint;
}

export interface VendorReport {
  vendor: Vendor;
  kind: VendorReportKind;
  rows: VendorRow[];
  /** First and last day that it is of. */
  days: { first: string; last: string } | null;
  /** Lines that were not understood, or are in another currency than USD. */
  skipped: number;
  /** It says that further pages follow. */
  hasMore: boolean;
}

/**
 * An amount in USD, or in its hundredth: exact, signed.
 * @param currency as the report has it, if it does
 * @returns null for what is none
 */
export function parseVendorAmount(
  value: unknown,
  unit: 'usd' | 'cent',
  currency: unknown,
): Pick<VendorRow, 'exactUsd' | 'exactError'> | null {
  if (typeof currency === 'string' && !/^(?:usd)?$/i.test(currency.trim())) return null;
  const text = String(value ?? '').trim();
  const isNegative = text.startsWith('-');
  const digits = isNegative ? text.slice(1) : text;
  const exact = exactUsd(digits);
  if (exact === null) return null;
  const places = /\.(\d+)/.exec(digits)?.[1]?.length ?? 0;
  const last = exactUsd(places === 0 ? '1' : `0.${'0'.repeat(places - 1)}1`) ?? 0n;
  const per = unit === 'cent' ? 100n : 1n;
  return { exactUsd: (isNegative ? -exact : exact) / per, exactError: last / 2n / per };
}

/** "Claude Haiku 4.5", claude-haiku-4-5-20251001: one name. */
export function parseVendorModel(value: unknown): string | null {
  if (typeof value !== 'string' || value.trim() === '') return null;
  return canonicalModel(value.trim().replace(/\s+/g, '-'));
}

/** Rows of the same day and model as one. */
export function addUpRows(rows: readonly VendorRow[]): VendorRow[] {
  const sums = new Map<string, VendorRow>();
  for (const row of rows) {
    const key = `${row.day} ${row.model}`;
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? row : plusRow(sum, row));
  }
  return [...sums.values()].sort(
    (a, b) => compareText(a.day, b.day) || compareText(a.model, b.model),
  );
}

function compareText(a: string | null, b: string | null): number {
  const [left, right] = [a ?? '~', b ?? '~'];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function plusRow(a: VendorRow, b: VendorRow): VendorRow {
  return {
    day: a.day,
    model: a.model,
    exactUsd: a.exactUsd === null || b.exactUsd === null ? null : a.exactUsd + b.exactUsd,
    exactError: a.exactError + b.exactError,
    tokens: a.tokens === null || b.tokens === null ? null : plusTokens(a.tokens, b.tokens),
  };
}

export function plusTokens(a: VendorTokens, b: VendorTokens): VendorTokens {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
  };
}

/** A count as JSON or CSV has it; 0 where there is none. */
export function countIn(row: JsonObject, name: string): bigint {
  const text = String(row[name] ?? '').trim();
  return /^\d{1,18}(?:\.0+)?$/.test(text) ? BigInt(text.split('.')[0] ?? '0') : 0n;
}

/** A day of UTC: of `2026-11-21...`, or of seconds since 1970. */
export function dayIn(value: unknown): string | null {
  if (typeof value === 'number' || /^\d{9,11}$/.test(String(value))) {
    return new Date(Number(value) * 1000).toISOString().slice(0, 10);
  }
  return /^\d{4}-\d\d-\d\d/.exec(String(value))?.[0] ?? null;
}

export function getChild(row: JsonObject, name: string): JsonObject {
  return asObject(row[name]) ?? {};
}
