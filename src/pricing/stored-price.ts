import { parsePrice } from '../core/money/money.ts';
import { OVERRIDE_LAYERS } from './layers.ts';
import { FREE } from './lookup.ts';
import { allModels } from './overrides/merge.ts';
import type { PriceRow, PriceTable } from './price-table.ts';

/** The price that a stored id names. */
export interface StoredPrice {
  row: PriceRow;
  /** Only the rates are known, not those of fast mode and of long prompts. */
  isPartial: boolean;
}

/** `model@layer:input/output/5-minute write/1-hour write/read`, as `overrides/merge.ts` builds it. */
const OVERRIDE_ID = new RegExp(`^(.+)@(?:${OVERRIDE_LAYERS.join('|')}):([^/]+(?:/[^/]+){4})$`);
const FREE_ID = /^(?:zero|local|free-variant|free-tier:.+)$/;

/** Finds the prices of records by the ids stored with them, also those of overrides that are gone. */
export class StoredPrices {
  readonly #tables: readonly PriceTable[];
  readonly #found = new Map<string, StoredPrice | null>();

  /** @param tables the first that has an id wins */
  constructor(tables: readonly PriceTable[]) {
    this.#tables = tables;
  }

  /** Null if no known price has that id. */
  find(id: string): StoredPrice | null {
    const cached = this.#found.get(id);
    if (cached !== undefined) return cached;
    const found = this.#lookUp(id);
    this.#found.set(id, found);
    return found;
  }

  #lookUp(id: string): StoredPrice | null {
    for (const table of this.#tables) {
      const row = rowsById(table).get(id);
      if (row !== undefined) return { row, isPartial: false };
    }
    if (FREE_ID.test(id)) return { row: { ...FREE, id, model: '' }, isPartial: false };
    const [, model, rates] = OVERRIDE_ID.exec(id) ?? [];
    if (model === undefined || rates === undefined) return null;
    const parsed = rates.split('/').map(parsePrice);
    const [input, output, cacheWrite5m, cacheWrite1h, cacheRead] = parsed;
    if (input == null || output == null || cacheRead == null) return null;
    if (cacheWrite5m == null || cacheWrite1h == null) return null;
    const own = { input, output, cacheWrite5m, cacheWrite1h, cacheRead };
    return { row: { ...FREE, id, model, ...own }, isPartial: true };
  }
}

const listed = new WeakMap<PriceTable, Map<string, PriceRow>>();

function rowsById(table: PriceTable): Map<string, PriceRow> {
  let byId = listed.get(table);
  if (byId === undefined) {
    const rows = allModels(table).flatMap((model) => model.rows());
    byId = new Map(rows.toReversed().map((row) => [row.id, row]));
    listed.set(table, byId);
  }
  return byId;
}
