import type { VerifyCheck } from '../../core/finding.ts';
import { classifyTask } from '../../core/record/cost-record.ts';
import type { RecordRow } from '../../core/record/record-columns.ts';
import { splitCost } from '../../pricing/cost-parts.ts';
import { type Billable, type PriceTable, computeCost, lookupPrice } from '../../pricing/cost.ts';
import { toBillable } from '../../pricing/price-record.ts';
import { type StoredPrice, StoredPrices } from '../../pricing/stored-price.ts';
import type { Ledger } from '../connection/open.ts';
import { PART_COLUMNS, toUnpricedRecord } from '../records/row.ts';
import { listSome } from './list-some.ts';

const NAME = 'costs of requests';

/** `unknown`: the price is from another version's table, so only the sum of the parts can be checked. */
type Verdict = 'sound' | 'wrong' | 'unknown';

/** Computes every cost again from the stored price and counts, and with it what kind of work it was. */
export function checkCosts(db: Ledger, tables: readonly PriceTable[]): VerifyCheck {
  const prices = new StoredPrices(tables);
  const wrong: string[] = [];
  let unknown = 0;
  let total = 0;
  const rows = db.prepare<[], RecordRow>('SELECT * FROM cost_records ORDER BY seq').iterate();
  for (const row of rows) {
    total++;
    const verdict = judge(row, prices, tables);
    if (verdict === 'wrong') wrong.push(row.id);
    if (verdict === 'unknown') unknown++;
  }
  const later = unknown > 0 ? `, ${unknown} with prices that this version doesn't know` : '';
  return {
    name: NAME,
    isSound: wrong.length === 0,
    found:
      wrong.length === 0
        ? `all ${total}${later}`
        : `${wrong.length} of ${total} differ from price times counts: ${listSome(wrong)}`,
  };
}

function judge(row: RecordRow, prices: StoredPrices, tables: readonly PriceTable[]): Verdict {
  const draft = toUnpricedRecord(row);
  if (classifyTask(draft) !== row.task_type) return 'wrong';
  const cost = row.cost_nano_usd;
  const parts = PART_COLUMNS.map((name) => row[name]);
  const { price_basis: basis, price_id: id } = row;
  if (basis === 'none' || cost === null) {
    const isUnpriced = basis === 'none' && cost === null && id === null;
    return isUnpriced && parts.every((part) => part === null) ? 'sound' : 'wrong';
  }
  let sum = 0;
  for (const part of parts) {
    if (part === null || part < 0) return 'wrong';
    sum += part;
  }
  if (sum !== cost) return 'wrong';
  if (basis === 'provider') return id === null && draft.chargedNanoUsd === cost ? 'sound' : 'wrong';
  if (id === null) return 'wrong';
  const stored = prices.find(id);
  const billable = toBillable(draft);
  if (stored === null) return isFromTables(row, tables) ? 'wrong' : 'unknown';
  if (computeCost(billable, stored.row) === cost) {
    return isSplit(cost, billable, stored, parts) ? 'sound' : 'wrong';
  }
  return isOtherPrice(row, billable, stored) ? 'unknown' : 'wrong';
}

function isSplit(
  cost: number,
  billable: Billable,
  { row }: StoredPrice,
  parts: readonly (number | null)[],
): boolean {
  const split = splitCost(cost, billable, row);
  const expected = [
    split.inputCostNanoUsd,
    split.outputCostNanoUsd,
    split.cacheReadCostNanoUsd,
    split.cacheWriteCostNanoUsd,
    split.webSearchCostNanoUsd,
  ];
  return expected.every((part, index) => part === parts[index]);
}

/** Whether the stored price may have had other rates than the known one of the same id. */
function isOtherPrice(row: RecordRow, { usage }: Billable, stored: StoredPrice): boolean {
  if (!stored.isPartial) {
    const { sourceDate } = stored.row;
    // Two versions of a table may give one id to different rates, but then they have different dates.
    return sourceDate !== '' && row.price_dated !== null && row.price_dated !== sourceDate;
  }
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWrite5mTokens;
  return row.speed === 'fast' || prompt + usage.cacheWrite1hTokens > MIN_LONG_PROMPT;
}

/** No price list has higher rates for shorter prompts than this. */
const MIN_LONG_PROMPT = 30_000;

/** Whether an unknown id claims to be from a table of the same date as the one that would be used now. */
function isFromTables(row: RecordRow, tables: readonly PriceTable[]): boolean {
  return tables.some((table) => {
    const { row: now } = lookupPrice(table, row.model_raw, row.occurred_at_ms);
    return now !== null && (now.sourceDate || null) === row.price_dated;
  });
}
