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
  /**
   * Null for an unknown name; without a name the agent is guessed from the event. The hook's own process
   * loads only the agent whose event it is.
   */
  findAgent: (name: string | null, eventText: string) => Agent | null;
  /** The event as received on stdin. */
  text: string;
  /** When the process started, milliseconds UTC. */
  arrivedAtMs: number;
  /**
   * True in a process that keeps running. The hook's own process ends without closing the ledger:
   * closing it would checkpoint the write-ahead log and wait for the disk at every tool call.
   */
  isLongLived: boolean;
  /**
   * Keeps the ledger open between events, in a process that receives many; else it is opened for this
   * one.
   */
  connections?: ConnectionSource;
}

/** Where a process that keeps running gets its connections to the ledger. */
export interface ConnectionSource {
  /** @throws the errors of `openLedger` */
  acquire(path: string, busyTimeoutMs: number): Ledger;
  release(db: Ledger): void;
  writer(db: Ledger, prices: PriceTable): LedgerWriter;
}

/** One event, and everything needed to record it. */
export interface HookContext {
  agent: Agent;
  event: HookEvent;
  input: HookInput;
  settings: Settings;
  /** Path of the ledger. */
  path: string;
  /** Writes one line to hook.log for each problem. */
  log: (what: string, error: unknown) => void;
}
