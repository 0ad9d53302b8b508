import { exactUsd } from '../../core/money/exact-usd.ts';
import { type JsonObject, asObject } from '../../core/lang/json.ts';
import type { Vendor, VendorReportKind } from '../../core/vendor-report.ts';
import { canonicalModel } from '../../core/model/model-name.ts';

/** What a vendor billed or counted for one model on one UTC day. */
export interface VendorRow {
  day: string;
  /** Canonical name; otherwise what was billed (`web_search`); null if the report does not state it. */
  model: string | null;
  /** In units of 10^-40 USD, as in core/money/exact-usd.ts; null in a report of tokens. */
  exactUsd: bigint | null;
  /** Largest possible rounding error of the amount, in the same unit. */
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
  /** First and last day of the report. */
  days: { first: string; last: string } | null;
  /** Number of lines that could not be parsed, or are in a currency other than USD. */
  skipped: number;
  /** Whether the report states that further pages follow. */
  hasMore: boolean;
}

/**
 * An amount in USD or in cents: exact, signed.
 * @param currency as stated in the report, if it is
 * @returns null if it is not an amount
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

/** "Claude Haiku 4.5" and claude-haiku-4-5-20251001 become the same name. */
export function parseVendorModel(value: unknown): string | null {
  if (typeof value !== 'string' || value.trim() === '') return null;
  return canonicalModel(value.trim().replace(/\s+/g, '-'));
}

/** Merges rows of the same day and model. */
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

/** A count in JSON or CSV; 0 if absent. */
export function countIn(row: JsonObject, name: string): bigint {
  const text = String(row[name] ?? '').trim();
  return /^\d{1,18}(?:\.0+)?$/.test(text) ? BigInt(text.split('.')[0] ?? '0') : 0n;
}

/** A UTC day, from `2026-11-21...` or from seconds since 1970. */
export function dayIn(value: unknown): string | null {
  if (typeof value === 'number' || /^\d{9,11}$/.test(String(value))) {
    return new Date(Number(value) * 1000).toISOString().slice(0, 10);
  }
  return /^\d{4}-\d\d-\d\d/.exec(String(value))?.[0] ?? null;
}

export function getChild(row: JsonObject, name: string): JsonObject {
  return asObject(row[name]) ?? {};
}
