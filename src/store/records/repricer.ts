import type { CostParts } from '../../core/usage/usual-cost.ts';
import { aliasOf, hasModelAliases } from '../../core/model/model-name.ts';
import { type PriceTable } from '../../pricing/cost.ts';
import { USER_DATED } from '../../pricing/overrides/merge.ts';
import { type PricedRecord, priceRecord } from '../../pricing/price-record.ts';
import { prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';
import { compareBases } from './price-precedence.ts';
import { RollupWriter } from '../rollups/writer.ts';
import type { RecordRow } from '../../core/record/record-columns.ts';
import { toUnpricedRecord } from './row.ts';

export interface RepriceOptions {
  /** Also rows priced exactly or by the provider. */
  isAll: boolean;
}

/** The effect of repricing on one model's requests. */
export interface RepricedModel {
  model: string;
  requests: number;
  oldCostNanoUsd: bigint;
  newCostNanoUsd: bigint;
  oldBases: string[];
  newBases: string[];
}

interface Change {
  row: RecordRow;
  priced: PricedRecord;
}

/** Rows per transaction: about 50 ms of work during which hooks have to wait. */
const PAGE_ROWS = 1500;

const INSERT_AUDIT = `INSERT INTO repricings (record_id, old_cost_nano_usd, old_price_id, old_price_basis,
    old_price_dated, new_cost_nano_usd, new_price_id, new_price_basis, new_price_dated,
    repriced_at_ms, repriced_by)
  VALUES (@id, @cost_nano_usd, @price_id, @price_basis, @price_dated, @cost, @priceId, @basis,
    @dated, @atMs, @by)`;
const UPDATE = `UPDATE cost_records SET cost_nano_usd = @cost, price_id = @priceId, price_basis = @basis,
    price_dated = @dated, model = @model, provider = @provider, model_class = @modelClass,
    input_cost_nano_usd = @inputCostNanoUsd, output_cost_nano_usd = @outputCostNanoUsd,
    cache_read_cost_nano_usd = @cacheReadCostNanoUsd,
    cache_write_cost_nano_usd = @cacheWriteCostNanoUsd,
    web_search_cost_nano_usd = @webSearchCostNanoUsd
  WHERE seq = @seq`;

/** Prices stored rows again. Each page is one transaction: its rows, their audit, their roll-ups. */
export class Repricer {
  readonly #db: Ledger;
  readonly #prices: PriceTable;
  readonly #isAll: boolean;

  constructor(db: Ledger, prices: PriceTable, { isAll }: RepriceOptions) {
    this.#db = db;
    this.#prices = prices;
    this.#isAll = isAll;
  }

  /** What `write` would do, by model; writes nothing. */
  plan(): RepricedModel[] {
    const models = new Map<string, RepricedModel>();
    let after = 0;
    for (;;) {
      const rows = this.#page(after);
      for (const change of this.#listChanges(rows)) addTo(models, change);
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.seq;
    }
    return [...models.values()].sort((a, b) => (a.model < b.model ? -1 : 1));
  }

  /** @returns the number of rows whose price changed */
  write(atMs: number, by: string): number {
    const rollups = new RollupWriter(this.#db);
    let changed = 0;
    let after: number | null = 0;
    const page = this.#db.transaction((from: number): number | null => {
      const rows = this.#page(from);
      for (const change of this.#listChanges(rows)) {
        this.#apply(change, atMs, by);
        changed++;
      }
      rollups.flush();
      return rows.at(-1)?.seq ?? null;
    });
    while (after !== null) after = page.immediate(after);
    return changed;
  }

  #page(after: number): RecordRow[] {
    // Whether an alias applies to a row's name can't be asked in SQL.
    const eligible =
      this.#isAll || hasModelAliases()
        ? ''
        : `AND (price_basis NOT IN ('exact', 'provider') OR price_dated = '${USER_DATED}')`;
    return this.#db
      .prepare<[number], RecordRow>(
        `SELECT * FROM cost_records WHERE seq > ? ${eligible} ORDER BY seq LIMIT ${PAGE_ROWS}`,
      )
      .all(after);
  }

  /**
   * A price on a worse basis replaces nothing: this table contains less than the one used before. But an
   * alias that the user has set, changed or removed does.
   */
  #listChanges(rows: RecordRow[]): Change[] {
    return rows
      .filter((row) => this.#isAll || isEligible(row))
      .map((row) => ({ row, priced: priceRecord(toUnpricedRecord(row), this.#prices) }))
      .filter(({ row, priced }) => {
        const isWorse = compareBases(priced.priceBasis, row.price_basis) > 0;
        if (isWorse && !isAliased(row)) return false;
        const isSameCost = priced.costNanoUsd === row.cost_nano_usd;
        return !isSameCost || priced.priceBasis !== row.price_basis || priced.model !== row.model;
      });
  }

  #apply({ row, priced }: Change, atMs: number, by: string): void {
    const next = {
      cost: priced.costNanoUsd,
      priceId: priced.priceId,
      basis: priced.priceBasis,
      dated: priced.priceDated,
    };
    prepared(this.#db, INSERT_AUDIT).run({ ...row, ...next, atMs, by });
    const { model, provider, modelClass } = priced;
    prepared(this.#db, UPDATE).run({
      ...NO_PARTS,
      ...priced.parts,
      ...next,
      model,
      provider,
      modelClass,
      seq: row.seq,
    });
  }
}

function isEligible(row: RecordRow): boolean {
  return !['exact', 'provider'].includes(row.price_basis) || isAliased(row);
}

/** Whether the user's aliases name the row's model, or did when it was priced. */
function isAliased({ model_raw, price_basis, price_dated }: RecordRow): boolean {
  const wasAliased = price_dated === USER_DATED && ['alias', 'provider'].includes(price_basis);
  return wasAliased || aliasOf(model_raw) !== null;
}

const NO_PARTS: Record<keyof CostParts, null> = {
  inputCostNanoUsd: null,
  outputCostNanoUsd: null,
  cacheReadCostNanoUsd: null,
  cacheWriteCostNanoUsd: null,
  webSearchCostNanoUsd: null,
};

function addTo(models: Map<string, RepricedModel>, { row, priced }: Change): void {
  const total = models.get(priced.model) ?? {
    model: priced.model,
    requests: 0,
    oldCostNanoUsd: 0n,
    newCostNanoUsd: 0n,
    oldBases: [],
    newBases: [],
  };
  total.requests++;
  total.oldCostNanoUsd += BigInt(row.cost_nano_usd ?? 0);
  total.newCostNanoUsd += BigInt(priced.costNanoUsd ?? 0);
  if (!total.oldBases.includes(row.price_basis)) total.oldBases.push(row.price_basis);
  if (!total.newBases.includes(priced.priceBasis)) total.newBases.push(priced.priceBasis);
  models.set(priced.model, total);
}
