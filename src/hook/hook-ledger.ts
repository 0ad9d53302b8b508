import { toErrorMessage } from '../core/lang/message-of.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import { drainSpool } from '../ingest/drain.ts';
import { effectivePrices } from '../ingest/effective-prices.ts';
import { logOnce } from '../sources/machine/diagnostics.ts';
import { hookLogPath } from '../sources/machine/paths.ts';
import { resolveProject } from '../sources/machine/project.ts';
import { type Ledger, openLedger } from '../store/connection/open.ts';
import type { Spool } from '../store/ingest/spool.ts';
import { LedgerWriter } from '../store/ingest/writer.ts';
import { computeLimits } from './limits.ts';
import type { HookContext } from './context.ts';

/** How long one event spends on work that others left in the spool. */
const DRAIN_MS = 200;

/** The ledger during one event. Work that waits in the spool is written first. */
export class HookLedger {
  readonly #task: HookContext;
  db: Ledger | null = null;
  /** Null if the ledger can't be used. */
  writer: LedgerWriter | null = null;
  /** Why it can't be used. */
  trouble: string | null = null;

  constructor(task: HookContext, spool: Spool) {
    this.#task = task;
    try {
      const { busyTimeoutMs } = computeLimits(task.event, 0);
      const { connections } = task.input;
      this.db =
        connections?.acquire(task.path, busyTimeoutMs) ?? openLedger(task.path, { busyTimeoutMs });
      const prices = loadPrices(task);
      const writer =
        connections?.writer(this.db, prices) ?? new LedgerWriter(this.db, prices, resolveProject);
      drainSpool(spool, writer, Date.now() + DRAIN_MS);
      this.writer = writer;
    } catch (error) {
      task.log('ledger', error);
      this.trouble = toErrorMessage(error);
    }
  }

  close(): void {
    if (this.db === null) return;
    const { connections } = this.#task.input;
    if (connections === undefined) this.db.close();
    else connections.release(this.db);
  }
}

/** A malformed override is logged once, not at every tool call. */
function loadPrices({ input, settings, path }: HookContext): PriceTable {
  const { prices, warnings } = effectivePrices(input.env, settings);
  for (const warning of [...settings.warnings, ...warnings]) {
    logOnce(hookLogPath(path), 'prices', warning, input.arrivedAtMs);
  }
  return prices;
}
