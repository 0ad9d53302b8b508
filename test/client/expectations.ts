import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { hookLogPath, spoolFolder } from '../../src/sources/paths.ts';
import { type Ledger, openLedger } from '../../src/store/open.ts';
import { faultsOf, importInto } from '../helpers/ledger.ts';
import {
  type RecordedCall,
  type ToolUses,
  recordOf,
  recordsIn,
  toolUsesIn,
  toolUsesOf,
} from './recorded.ts';
import type { ClientUsage, Sandbox } from './sandbox.ts';
import type { ServedCall } from './scripted-api.ts';
import { type ModelTotals, totalsOf, totalsSaid } from './totals.ts';

export interface Circumstances {
  /** The client's totals that make up the machine's spend; null where no client could tell. */
  said: Record<string, ClientUsage>[] | null;
  /** Served calls that no transcript line shows: in the client's total, in no record. */
  isUnseen?: (call: ServedCall) => boolean;
  /** Served calls whose transcript lines hold their first count of output for good. */
  isIncomplete?: (call: ServedCall) => boolean;
  /** No hook saw the session's end: the ledger is complete after a reading command. */
  isCaughtUpLater?: boolean;
}

/** The state of a machine's ledger, as it is or as it has to be. */
interface LedgerState {
  records: RecordedCall[];
  toolUses: ToolUses;
  faults: string[];
  /** The records, and beside them what only the client can know of. */
  totals: ModelTotals | null;
}

interface Account {
  /** What was printed besides the client's result. */
  stderr: string;
  hookLog: string;
  spool: string[];
  /** As the hooks left it. */
  live: LedgerState;
  /** Requests that a reading command then found in the transcripts. */
  foundLater: number;
  afterwards: LedgerState;
}

/**
 * Holds a machine's ledger against what its API served and what its clients say that they spent.
 * @returns what there is, and what is due
 */
export function audit(box: Sandbox, circumstances: Circumstances): { held: Account; due: Account } {
  const state = stateDue(box, circumstances);
  const nothing = { stderr: '', hookLog: '', spool: [] };
  const due = { ...nothing, live: state, foundLater: 0, afterwards: state };
  const db = openLedger(box.ledgerPath, { busyTimeoutMs: 5000 });
  try {
    if (circumstances.isCaughtUpLater === true) importInto(db, box.projects);
    const live = stateHeld(db, box, circumstances);
    const foundLater = importInto(db, box.projects).addedRequests;
    const afterwards = stateHeld(db, box, circumstances);
    return { held: { ...leftovers(box), live, foundLater, afterwards }, due };
  } finally {
    db.close();
  }
}

function leftovers(box: Sandbox): Pick<Account, 'stderr' | 'hookLog' | 'spool'> {
  const log = hookLogPath(box.ledgerPath);
  const spool = spoolFolder(box.ledgerPath);
  return {
    stderr: box.stderr,
    hookLog: existsSync(log) ? readFileSync(log, 'utf8') : '',
    spool: existsSync(spool) ? readdirSync(spool) : [],
  };
}

function billed(box: Sandbox): ServedCall[] {
  return box.calls.filter((call) => call.status === 200);
}

function stateDue(box: Sandbox, { said, isUnseen, isIncomplete }: Circumstances): LedgerState {
  const seen = billed(box).filter((call) => isUnseen?.(call) !== true);
  const records = seen.map((call) => recordOf(call, box.calls, isIncomplete?.(call) === true));
  return {
    records: records.sort((a, b) => (a.messageId < b.messageId ? -1 : 1)),
    toolUses: toolUsesOf(seen),
    faults: [],
    totals: said === null ? null : totalsSaid(said),
  };
}

function stateHeld(
  db: Ledger,
  box: Sandbox,
  { said, isUnseen, isIncomplete }: Circumstances,
): LedgerState {
  const records = recordsIn(db);
  const onlyTheClientKnows = billed(box)
    .filter((call) => isUnseen?.(call) === true || isIncomplete?.(call) === true)
    .map((call) => recordOf(call, box.calls, false));
  const whole = records.filter((record) => record.isOutputFinal === 1).concat(onlyTheClientKnows);
  return {
    records,
    toolUses: toolUsesIn(db),
    faults: faultsOf(db),
    totals: said === null ? null : totalsOf(whole, tellsSplit(said)),
  };
}

/** The 1-hour part of cache writes is told by later clients only. */
function tellsSplit(said: Record<string, ClientUsage>[]): boolean {
  const usages = said.flatMap((usage) => Object.values(usage));
  return usages.every((usage) => usage.cacheCreationEphemeral1hInputTokens !== undefined);
}
