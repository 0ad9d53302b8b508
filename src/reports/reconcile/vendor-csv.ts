import type { JsonObject } from '../../core/lang/json.ts';
import { lineItemModel, openaiTokens } from './vendor-json.ts';
import {
  type VendorReport,
  type VendorRow,
  parseVendorAmount,
  countIn,
  dayIn,
  parseVendorModel,
} from './vendor-report.ts';

interface Layout {
  vendor: VendorReport['vendor'];
  kind: VendorReport['kind'];
  /** Columns that identify this export. */
  columns: string[];
  rowOf: (day: string, row: JsonObject) => VendorRow | null;
}

const NO_COST = { exactUsd: null, exactError: 0n };

/** The exports of the vendors' consoles. */
const LAYOUTS: Layout[] = [
  {
    vendor: 'anthropic',
    kind: 'cost',
    columns: ['usage_date_utc', 'cost_usd'],
    rowOf: (day, row) => {
      const amount = parseVendorAmount(row['cost_usd'], 'usd', null);
      const type = String(row['cost_type'] ?? '').trim();
      const model = parseVendorModel(row['model']) ?? (type === '' ? null : type);
      return amount === null ? null : { day, model, ...amount, tokens: null };
    },
  },
  {
    vendor: 'anthropic',
    kind: 'usage',
    columns: ['usage_date_utc', 'usage_output_tokens'],
    rowOf: (day, row) => ({
      day,
      model: parseVendorModel(row['model_version'] ?? row['model']),
      ...NO_COST,
      tokens: {
        inputTokens: countIn(row, 'usage_input_tokens_no_cache'),
        outputTokens: countIn(row, 'usage_output_tokens'),
        cacheReadTokens: countIn(row, 'usage_input_tokens_cache_read'),
        cacheWriteTokens:
          countIn(row, 'usage_input_tokens_cache_write_5m') +
          countIn(row, 'usage_input_tokens_cache_write_1h'),
      },
    }),
  },
  {
    vendor: 'openai',
    kind: 'cost',
    columns: ['start_time', 'amount_value'],
    rowOf: (day, row) => {
      const amount = parseVendorAmount(row['amount_value'], 'usd', row['amount_currency']);
      const model = lineItemModel(row['line_item']);
      return amount === null ? null : { day, model, ...amount, tokens: null };
    },
  },
  {
    vendor: 'openai',
    kind: 'usage',
    columns: ['start_time', 'input_tokens', 'output_tokens'],
    rowOf: (day, row) => ({
      day,
      model: parseVendorModel(row['model']),
      ...NO_COST,
      tokens: openaiTokens(row),
    }),
  },
];

/** @returns null if the columns are not those of a known export */
export function vendorReportOfCsv(table: readonly Record<string, string>[]): VendorReport | null {
  const [first] = table;
  if (first === undefined) return null;
  const layout = LAYOUTS.find(({ columns }) => columns.every((name) => name in first));
  if (layout === undefined) return null;
  const rows = table.flatMap((row) => {
    const day = dayIn(row['usage_date_utc'] ?? row['start_time']);
    return day === null ? [] : (layout.rowOf(day, row) ?? []);
  });
  const days = rows.map(({ day }) => day).sort();
  return {
    vendor: layout.vendor,
    kind: layout.kind,
    rows,
    days: days.length === 0 ? null : { first: days[0] ?? '', last: days.at(-1) ?? '' },
    skipped: table.length - rows.length,
    hasMore: false,
  };
}
