import { parseDay, startOfDay } from '../../core/time/period.ts';
import { roundToNanoUsd } from '../../core/money/exact-usd.ts';
import type { Vendor, VendorReportKind } from '../../core/vendor-report.ts';
import { divideHalfEvenBig } from '../../core/money/money.ts';
import { type LedgerReader, NO_FILTER } from '../../store/reader.ts';
import { type Sum, toSum } from '../report.ts';
import { type Measures, addMeasures, noMeasures } from '../../store/rollups/measures.ts';
import { type VendorReport, type VendorTokens, addUpRows, plusTokens } from './vendor-report.ts';

/** One side of a day and model; null for what the report does not contain. */
export interface ReconciledAmounts {
  costNanoUsd: Sum | null;
  inputTokens: Sum | null;
  outputTokens: Sum | null;
  cacheReadTokens: Sum | null;
  cacheWriteTokens: Sum | null;
}

export interface ReconciledRow {
  day: string;
  /** Null: all models, as in the report. */
  model: string | null;
  vendor: ReconciledAmounts;
  ledger: ReconciledAmounts;
  /** The vendor's amount minus the ledger's. */
  difference: ReconciledAmounts;
  /** Equal, up to the rounding of the vendor's figures. */
  agrees: boolean;
}

export interface Reconciliation {
  schemaVersion: 1;
  generatedAt: string;
  /** The time zone of the vendor's days. */
  timezone: 'UTC';
  filters: Record<string, string>;
  file: string;
  vendor: Vendor;
  kind: VendorReportKind;
  days: { first: string; last: string } | null;
  totals: Omit<ReconciledRow, 'day' | 'model' | 'agrees'>;
  /** The sum of the absolute differences of all rows, in percent of the vendor's amounts. */
  deviationPercent: number | null;
  rows: ReconciledRow[];
}

/** Cost (10^-40 USD) and tokens of one side. */
interface Side {
  exactUsd: bigint;
  exactError: bigint;
  tokens: VendorTokens;
}

const PER_NANO = 10n ** 31n;
const SEARCH = 'web_search';
const EXACT_PER_SEARCH = 10_000_000n * PER_NANO;
const NO_TOKENS: VendorTokens = {
  inputTokens: 0n,
  outputTokens: 0n,
  cacheReadTokens: 0n,
  cacheWriteTokens: 0n,
};
const NOTHING: Side = { exactUsd: 0n, exactError: 0n, tokens: NO_TOKENS };

/** Compares a vendor's own report with the ledger, by the vendor's day (UTC) and model. */
export async function reconcileWithVendor(
  reader: LedgerReader,
  report: VendorReport,
  { file, nowMs }: { file: string; nowMs: number },
): Promise<Reconciliation> {
  const vendor = new Map<string, Side>();
  for (const { day, model, exactUsd, exactError, tokens } of addUpRows(report.rows)) {
    const side = { exactUsd: exactUsd ?? 0n, exactError, tokens: tokens ?? NO_TOKENS };
    vendor.set(formatRowKey(day, model), side);
  }
  const ledger = await ledgerSides(reader, report);
  const keys = [...new Set([...vendor.keys(), ...ledger.keys()])].sort();
  const rows = keys.map((key) => {
    const [day = '', model = ''] = key.split('\n');
    const [theirs, ours] = [vendor.get(key) ?? NOTHING, ledger.get(key) ?? NOTHING];
    return { day, model: model === '' ? null : model, ...compared(theirs, ours, report) };
  });
  const all = (sides: Map<string, Side>): Side => [...sides.values()].reduce(plus, NOTHING);
  const { agrees: _, ...totals } = compared(all(vendor), all(ledger), report);
  return {
    schemaVersion: 1,
    generatedAt: new Date(nowMs).toISOString(),
    timezone: 'UTC',
    filters: {},
    file,
    vendor: report.vendor,
    kind: report.kind,
    days: report.days,
    totals,
    deviationPercent: computeDeviation(rows, totals),
    rows,
  };
}

async function ledgerSides(reader: LedgerReader, report: VendorReport): Promise<Map<string, Side>> {
  const sides = new Map<string, Side>();
  if (report.days === null) return sides;
  const utc = (): number => 0;
  const sinceMs = startOfDay(parseDay(report.days.first) ?? 0, utc);
  const untilMs = startOfDay((parseDay(report.days.last) ?? 0) + 1, utc);
  const filter = { ...NO_FILTER, sinceMs, untilMs };
  const rows = await reader.sums(filter, ['model', 'provider'], { unit: 'day', offset: utc });
  const isByModel = report.rows.some(({ model }) => model !== null);
  const hasSearches = report.rows.some(({ model }) => model === SEARCH);
  const sums = new Map<string, Measures>();
  for (const { keys, quarterMs, measures } of rows) {
    if (keys.provider !== report.vendor || quarterMs === null) continue;
    const day = new Date(quarterMs).toISOString().slice(0, 10);
    const key = formatRowKey(day, isByModel ? (keys.model ?? null) : null);
    const sum = sums.get(key) ?? noMeasures();
    addMeasures(sum, measures);
    sums.set(key, sum);
  }
  for (const [key, sum] of sums) {
    const searches = hasSearches ? sum.web_search_requests * EXACT_PER_SEARCH : 0n;
    add(sides, key, { ...toSide(sum), exactUsd: sum.cost_nano_usd * PER_NANO - searches });
    if (searches === 0n) continue;
    const [day = ''] = key.split('\n');
    add(sides, formatRowKey(day, SEARCH), { ...NOTHING, exactUsd: searches });
  }
  return sides;
}

function add(sides: Map<string, Side>, key: string, side: Side): void {
  sides.set(key, plus(sides.get(key) ?? NOTHING, side));
}

function toSide(sum: Measures): Side {
  return {
    exactUsd: sum.cost_nano_usd * PER_NANO,
    exactError: 0n,
    tokens: {
      inputTokens: sum.input_tokens,
      outputTokens: sum.output_tokens,
      cacheReadTokens: sum.cache_read_tokens,
      cacheWriteTokens: sum.cache_write_5m_tokens + sum.cache_write_1h_tokens,
    },
  };
}

function plus(a: Side, b: Side): Side {
  return {
    exactUsd: a.exactUsd + b.exactUsd,
    exactError: a.exactError + b.exactError,
    tokens: plusTokens(a.tokens, b.tokens),
  };
}

function compared(
  theirs: Side,
  ours: Side,
  { kind }: VendorReport,
): Omit<ReconciledRow, 'day' | 'model'> {
  const negated = (tokens: VendorTokens): VendorTokens => {
    const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = tokens;
    return {
      inputTokens: -inputTokens,
      outputTokens: -outputTokens,
      cacheReadTokens: -cacheReadTokens,
      cacheWriteTokens: -cacheWriteTokens,
    };
  };
  const difference = {
    exactUsd: theirs.exactUsd - ours.exactUsd,
    exactError: 0n,
    tokens: plusTokens(theirs.tokens, negated(ours.tokens)),
  };
  const off = difference.exactUsd < 0n ? -difference.exactUsd : difference.exactUsd;
  const agrees =
    kind === 'cost'
      ? off <= theirs.exactError
      : Object.values(difference.tokens).every((count) => count === 0n);
  return {
    vendor: json(theirs, kind),
    ledger: json(ours, kind),
    difference: json(difference, kind),
    agrees,
  };
}

function json({ exactUsd, tokens }: Side, kind: VendorReportKind): ReconciledAmounts {
  const count = (value: bigint): Sum | null => (kind === 'usage' ? toSum(value) : null);
  return {
    costNanoUsd: kind === 'cost' ? toSum(rounded(exactUsd)) : null,
    inputTokens: count(tokens.inputTokens),
    outputTokens: count(tokens.outputTokens),
    cacheReadTokens: count(tokens.cacheReadTokens),
    cacheWriteTokens: count(tokens.cacheWriteTokens),
  };
}

function rounded(exactUsd: bigint): bigint {
  const nano = roundToNanoUsd(exactUsd < 0n ? -exactUsd : exactUsd);
  if (nano === null) return divideHalfEvenBig(exactUsd, PER_NANO);
  return exactUsd < 0n ? -BigInt(nano) : BigInt(nano);
}

const TOKENS = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;

function computeDeviation(
  rows: readonly ReconciledRow[],
  { vendor }: Pick<ReconciledRow, 'vendor'>,
): number | null {
  const sumTokenCount = ({ costNanoUsd, ...tokens }: ReconciledAmounts): number =>
    costNanoUsd === null
      ? TOKENS.reduce((sum, name) => sum + Math.abs(Number(tokens[name])), 0)
      : Math.abs(Number(costNanoUsd));
  const total = sumTokenCount(vendor);
  if (total === 0) return null;
  const differing = rows.filter(({ agrees }) => !agrees);
  return (differing.reduce((sum, row) => sum + sumTokenCount(row.difference), 0) / total) * 100;
}

function formatRowKey(day: string, model: string | null): string {
  return `${day}\n${model ?? ''}`;
}
