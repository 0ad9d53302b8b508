import type { Agent } from '../agents/types.ts';
import type { HookEvent } from '../core/hook/event.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import type { Environment } from '../sources/machine/paths.ts';
import type { Settings } from '../sources/settings/file.ts';
import type { Ledger } from '../store/connection/open.ts';
import type { LedgerWriter } from '../store/ingest/writer.ts';

export interface HookInput {
  env: Environment;
  args: string[];
  /** The event as received on stdin. */
  text: string;
  /** When the process started, milliseconds UTC. */
  arrivedAtMs: number;
  /**
   * True in a process that goes on. The hook's own process ends without closing the ledger:
   * closing would fold the log back and wait for the disk at every tool call.
   */
  isLongLived: boolean;
  /** Keeps the ledger open between events, for a process that is given many; else it is opened for this one. */
  connections?: ConnectionSource;
}

/** Where a process that goes on has the ledger from. */
export interface ConnectionSource {
  /** @throws as `openLedger` does */
  acquire(path: string, busyTimeoutMs: number): Ledger;
  release(db: Ledger): void;
  writer(db: Ledger, prices: PriceTable): LedgerWriter;
}

/** One event, and what it is recorded with. */
export interface HookContext {
  agent: Agent;
  event: HookEvent;
  input: HookInput;
  settings: Settings;
  /** The ledger's. */
  path: string;
  /** What goes wrong is a line in hook.log. */
  log: (what: string, error: unknown) => void;
}
