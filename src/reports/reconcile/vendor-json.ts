import type { Vendor } from '../../core/vendor-report.ts';
import { type JsonObject, asArray, asObject, asText } from '../../core/lang/json.ts';
import {
  type VendorReport,
  type VendorRow,
  parseVendorAmount,
  getChild,
  countIn,
  dayIn,
  parseVendorModel,
} from './vendor-report.ts';

interface Bucket {
  day: string;
  /** Its last day. */
  lastDay: string;
  vendor: Vendor;
  results: JsonObject[];
}

/**
 * Cost and usage reports of the vendors' administration APIs: a page of Anthropic's `cost_report` or
 * `usage_report/messages`, of OpenAI's `organization/costs` or `organization/usage/...`, or several pages
 * in a list.
 * @returns null if it is none of these
 */
export function vendorReportOfJson(value: unknown): VendorReport | null {
  const pages = (Array.isArray(value) ? value : [value]).map((page) => asObject(page));
  const buckets = pages.flatMap((page) => asArray(page?.['data'])).map((item) => parseBucket(item));
  const valid = buckets.filter((bucket) => bucket !== null);
  const [first] = valid;
  if (first === undefined || valid.length < buckets.length) return null;
  const rows = valid.flatMap(({ day, vendor, results }) =>
    results.flatMap((result) => parseVendorRow(day, vendor, result) ?? []),
  );
  const isUsage = rows.some(({ tokens }) => tokens !== null);
  const days = valid.flatMap(({ day, lastDay }) => [day, lastDay]).sort();
  return {
    vendor: first.vendor,
    kind: isUsage ? 'usage' : 'cost',
    rows: rows.filter(({ tokens }) => (tokens !== null) === isUsage),
    days: { first: days[0] ?? '', last: days.at(-1) ?? '' },
    skipped: valid.reduce((sum, { results }) => sum + results.length, 0) - rows.length,
    hasMore: pages.at(-1)?.['has_more'] === true,
  };
}

function parseBucket(item: unknown): Bucket | null {
  const bucket = asObject(item);
  if (bucket === null || !Array.isArray(bucket['results'])) return null;
  const isAnthropic = typeof bucket['starting_at'] === 'string';
  const day = dayIn(bucket[isAnthropic ? 'starting_at' : 'start_time']);
  if (day === null) return null;
  const results = asArray(bucket['results'])
    .map((result) => asObject(result))
    .filter((result) => result !== null);
  const lastDay = parseLastDay(bucket[isAnthropic ? 'ending_at' : 'end_time']) ?? day;
  return { day, lastDay, vendor: isAnthropic ? 'anthropic' : 'openai', results };
}

/** The end of a bucket is exclusive. */
function parseLastDay(end: unknown): string | null {
  const ms = typeof end === 'number' ? end * 1000 : Date.parse(String(end));
  return Number.isNaN(ms) ? null : new Date(ms - 1).toISOString().slice(0, 10);
}

function parseVendorRow(day: string, vendor: Vendor, result: JsonObject): VendorRow | null {
  if (vendor === 'anthropic') return anthropicRow(day, result);
  return openaiRow(day, result);
}

/** Amounts are in cents. What is not billed by token (web searches) has no model. */
function anthropicRow(day: string, result: JsonObject): VendorRow | null {
  const model = parseVendorModel(result['model']);
  if (result['amount'] !== undefined) {
    const amount = parseVendorAmount(result['amount'], 'cent', result['currency']);
    const type = asText(result['cost_type']);
    const other = type === null || type === 'tokens' ? null : type;
    return amount === null ? null : { day, model: model ?? other, ...amount, tokens: null };
  }
  const written = getChild(result, 'cache_creation');
  return {
    day,
    model,
    exactUsd: null,
    exactError: 0n,
    tokens: {
      inputTokens: countIn(result, 'uncached_input_tokens'),
      outputTokens: countIn(result, 'output_tokens'),
      cacheReadTokens: countIn(result, 'cache_read_input_tokens'),
      cacheWriteTokens:
        countIn(written, 'ephemeral_5m_input_tokens') +
        countIn(written, 'ephemeral_1h_input_tokens'),
    },
  };
}

function openaiRow(day: string, result: JsonObject): VendorRow | null {
  const paid = asObject(result['amount']);
  if (paid !== null) {
    const amount = parseVendorAmount(paid['value'], 'usd', paid['currency']);
    const model = lineItemModel(result['line_item']);
    return amount === null ? null : { day, model, ...amount, tokens: null };
  }
  return {
    day,
    model: parseVendorModel(result['model']),
    exactUsd: null,
    exactError: 0n,
    tokens: openaiTokens(result),
  };
}

/** A line item: "gpt-4o-2024-08-06, input". */
export function lineItemModel(item: unknown): string | null {
  return parseVendorModel(asText(item)?.split(',')[0]);
}

/** Its input counts include the cached tokens. */
export function openaiTokens(result: JsonObject): NonNullable<VendorRow['tokens']> {
  const cached = countIn(result, 'input_cached_tokens');
  const input = countIn(result, 'input_tokens');
  return {
    inputTokens: input > cached ? input - cached : 0n,
    outputTokens: countIn(result, 'output_tokens'),
    cacheReadTokens: cached,
    cacheWriteTokens: 0n,
  };
}
