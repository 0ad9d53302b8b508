import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { hookLogPath, spoolFolder } from '../../src/sources/machine/paths.ts';
import { type Ledger, openLedger } from '../../src/store/connection/open.ts';
import { faultsOf, importInto } from '../helpers/ledger.ts';
import { Due, toolUsesOf } from './due.ts';
import { type RecordedCall, type ToolUses, recordsIn, toolUsesIn } from './recorded.ts';
import type { ModelUsage } from './result-reader.ts';
import type { Sandbox } from './sandbox.ts';
import type { ServedCall } from './scripted-api.ts';
import { promptsOf, unfinishedMessages } from './transcripts.ts';
import { type ModelTotals, totalsOf, totalsSaid } from './totals.ts';

export interface Circumstances {
  /** The client totals that make up the machine's spend; null if no client could report one. */
  said: ModelUsage[] | null;
  /** Served calls that no transcript line shows, and so no record contains. */
  isUnseen?: (call: ServedCall) => boolean;
  /** Served calls that the client leaves out of its own total. */
  isUncounted?: (call: ServedCall) => boolean;
  /**
   * Served calls whose transcript lines never get their final output count; by default those that the
   * transcripts show of subagents of clients before 2.1.307.
   */
  isIncomplete?: (call: ServedCall) => boolean;
  /** No hook saw the session's end: the ledger is complete after a reading command. */
  isCaughtUpLater?: boolean;
}

/** The actual or the expected state of a machine's ledger. */
interface LedgerState {
  records: RecordedCall[];
  toolUses: ToolUses;
  faults: string[];
  /** The records, and what only the client can know about. */
  totals: ModelTotals | null;
}

interface Account {
  /** Output of clients and hooks, besides the clients' results. */
  printed: string;
  hookLog: string;
  spool: string[];
  /** The state that the hooks left. */
  live: LedgerState;
  /** Requests that a reporting command then found in the transcripts. */
  foundLater: number;
  afterwards: LedgerState;
}

/**
 * Compares a machine's ledger with what its API served and with what its clients report.
 * @returns the actual state, and the expected one
 */
export function audit(box: Sandbox, circumstances: Circumstances): { held: Account; due: Account } {
  const isIncomplete = circumstances.isIncomplete ?? unfinishedSubagents(box);
  const all = { ...circumstances, isIncomplete };
  const state = stateDue(box, all);
  const due = {
    printed: '',
    hookLog: '',
    spool: [],
    live: state,
    foundLater: 0,
    afterwards: state,
  };
  const db = openLedger(box.ledgerPath, { busyTimeoutMs: 5000 });
  try {
    if (all.isCaughtUpLater === true) importInto(db, box.projects);
    const live = stateHeld(db, box, all);
    const foundLater = importInto(db, box.projects).addedRequests;
    const afterwards = stateHeld(db, box, all);
    return { held: { ...leftovers(box), live, foundLater, afterwards }, due };
  } finally {
    db.close();
  }
}

/** Early clients may write a subagent's message before its final counts have arrived. */
function unfinishedSubagents(box: Sandbox): (call: ServedCall) => boolean {
  if (box.version !== '2.1.197') return () => false;
  const unfinished = unfinishedMessages(box);
  return ({ thread, messageId }) => thread !== 'main' && unfinished.has(messageId);
}

function leftovers(box: Sandbox): Pick<Account, 'printed' | 'hookLog' | 'spool'> {
  const log = hookLogPath(box.ledgerPath);
  const spool = spoolFolder(box.ledgerPath);
  return {
    printed: box.printed,
    hookLog: existsSync(log) ? readFileSync(log, 'utf8') : '',
    spool: existsSync(spool) ? readdirSync(spool) : [],
  };
}

function billed(box: Sandbox): ServedCall[] {
  return box.calls.filter((call) => call.status === 200);
}

function stateDue(box: Sandbox, { said, isUnseen, isIncomplete }: Circumstances): LedgerState {
  const seen = billed(box).filter((call) => isUnseen?.(call) !== true);
  const due = new Due(box.calls, promptsOf(box));
  const records = seen.map((call) => due.recordOf(call, isIncomplete?.(call) === true));
  return {
    records: records.sort((a, b) => (a.messageId < b.messageId ? -1 : 1)),
    toolUses: toolUsesOf(seen),
    faults: [],
    totals: said === null ? null : totalsSaid(said),
  };
}

function stateHeld(db: Ledger, box: Sandbox, circumstances: Circumstances): LedgerState {
  const { said, isUnseen, isIncomplete, isUncounted } = circumstances;
  const records = recordsIn(db);
  const due = new Due(box.calls, promptsOf(box));
  const onlyTheClientKnows = billed(box)
    .filter((call) => isUnseen?.(call) === true || isIncomplete?.(call) === true)
    .filter((call) => isUncounted?.(call) !== true)
    .map((call) => due.recordOf(call, false));
  const whole = records.filter((record) => record.isOutputFinal === 1).concat(onlyTheClientKnows);
  return {
    records,
    toolUses: toolUsesIn(db),
    faults: faultsOf(db),
    totals: said === null ? null : totalsOf(whole, tellsSplit(said)),
  };
}

/** Only later clients report the 1-hour part of cache writes. */
function tellsSplit(said: ModelUsage[]): boolean {
  const usages = said.flatMap((usage) => Object.values(usage));
  return usages.every((usage) => usage.cacheCreationEphemeral1hInputTokens !== undefined);
}
