import {
  type SessionClaim,
  type UnpricedRecord,
  mergeUsage,
} from '../../core/record/cost-record.ts';
import { baseIdentity, inputSideCounts, isPlaceholder } from '../../core/record/identity.ts';
import { NO_USAGE, type Usage } from '../../core/usage/usage.ts';
import type { PriceTable } from '../../pricing/cost.ts';
import { ClaimWriter } from './ownership.ts';
import type { Ledger } from '../connection/open.ts';
import { PayloadRows } from './payload-records.ts';
import { PlaceholderWriter } from './placeholders.ts';
import type { SessionProjects } from '../ingest/session-projects.ts';
import { RecordRows } from './table.ts';
import { ReplayWriter } from './replays.ts';
import type { RecordRow } from '../../core/record/record-columns.ts';
import { toUnpricedRecord } from './row.ts';

/** Writes drafts by the rules of identity, merging and ownership, inside a transaction. */
export class RecordWriter {
  readonly #rows: RecordRows;
  readonly #claims: ClaimWriter;
  readonly #replays: ReplayWriter;
  readonly #payloads: PayloadRows;
  readonly #placeholders: PlaceholderWriter;
  added = 0;
  known = 0;

  constructor(db: Ledger, prices: PriceTable, projects: SessionProjects) {
    this.#rows = new RecordRows(db, prices, projects);
    this.#claims = new ClaimWriter(db);
    this.#replays = new ReplayWriter(db);
    this.#payloads = new PayloadRows(db);
    this.#placeholders = new PlaceholderWriter(this.#rows, this.#claims, this.#replays);
  }

  /**
   * Call at the start of a transaction: nothing else writes until its end.
   * @param hookEventId the event that reports what will be written
   */
  begin(hookEventId: number | null): void {
    this.#rows.begin(hookEventId);
    this.added = 0;
    this.known = 0;
    this.#replays.begin();
  }

  /** Deletes payload records of these calls, because a transcript now contains them with more detail. */
  replacePayloads(calls: Iterable<{ toolUseId: string }>): void {
    for (const seq of this.#payloads.of(calls)) this.#rows.drop(seq);
  }

  /** Whether a transcript's record contains this tool call. */
  hasTranscriptCall(toolUseId: string): boolean {
    return this.#payloads.hasTranscriptRecord(toolUseId);
  }

  /** @returns the row's number; null if the draft is a replay of a recorded request */
  write(incoming: UnpricedRecord): number | null {
    const { messageId } = incoming;
    if (messageId !== null && isPlaceholder(incoming.id)) {
      const hostSeq = this.#placeholders.write(incoming, messageId);
      if (hostSeq !== null) return hostSeq;
    }
    const siblings = this.#rows.siblings(incoming);
    const own = siblings.find((row) => row.id === incoming.id);
    if (messageId !== null && this.#isReplay(incoming, siblings, own)) return null;
    const draft = this.#replays.takenInto(incoming);
    if (own === undefined) return this.#insert(draft, siblings);
    this.known++;
    this.#placeholders.noteOwn(draft);
    this.#placeholders.merge(own, draft);
    if (draft.claim.isInMainFile) this.#reconsiderReplays(own, draft);
    return own.seq;
  }

  #insert(draft: UnpricedRecord, siblings: RecordRow[]): number {
    const { messageId } = draft;
    this.added++;
    const isHost = draft.source !== 'payload' && draft.sideKind === null;
    if (messageId === null || !isHost || isPlaceholder(draft.id)) return this.#rows.insert(draft);
    this.#placeholders.separate(messageId);
    const seq = this.#rows.insert(draft);
    const placeholder = siblings.find((row) => isPlaceholder(row.id));
    if (placeholder !== undefined) this.#placeholders.adopt(placeholder, draft.id);
    return seq;
  }

  /** Called when a session turns out to have begun earlier: it may own requests that it contains. */
  reconsiderOwners(sessionId: string): void {
    for (const row of this.#claims.selectUnowned(sessionId)) {
      const claim = this.#claims.selectClaim(row, sessionId);
      if (claim !== null) this.#placeholders.settleOwner(row, toUnpricedRecord(row), claim);
    }
  }

  /**
   * Checks a draft against the other requests of its message id. A payload's record gives way to the
   * transcript's. A subagent's copy of a request in its session's main transcript is a replay, whichever
   * of the two is read first: it has the same input-side counts, or none.
   */
  #isReplay(draft: UnpricedRecord, siblings: RecordRow[], own: RecordRow | undefined): boolean {
    const { sessionId, isInMainFile } = draft.claim;
    const ownClaim = own === undefined ? null : this.#claims.selectClaimOrOwner(own, sessionId);
    const usage = this.#usageWith(draft, own);
    const base = baseIdentity(draft.id);
    for (const row of siblings) {
      if (baseIdentity(row.id) === base) continue;
      if (draft.source === 'payload') return true;
      if (row.source === 'payload') {
        this.#rows.drop(row.seq);
        continue;
      }
      if (isPlaceholder(row.id) || isPlaceholder(draft.id)) continue;
      const claim = this.#claims.selectClaimOrOwner(row, sessionId);
      if (claim === null || claim.isInMainFile === isInMainFile || !isCopied(draft, row)) continue;
      const other = toUnpricedRecord(row).usage;
      if (!(isInMainFile ? repeats(other, usage) : repeats(usage, other))) continue;
      if (isInMainFile) {
        this.#release(row, claim);
      } else if (ownClaim?.isInMainFile !== true) {
        this.#replays.setAside(draft);
        if (own !== undefined && ownClaim !== null) this.#release(own, ownClaim);
        return true;
      }
    }
    return false;
  }

  /** The draft's counts, merged with those of the lines that were read before. */
  #usageWith(draft: UnpricedRecord, own: RecordRow | undefined): Usage {
    if (own === undefined) return this.#replays.mergedWith(draft).usage;
    return mergeUsage(toUnpricedRecord(own).usage, draft.usage);
  }

  /** Called when a main transcript's request may have got other counts: its replays may be none. */
  #reconsiderReplays(before: RecordRow, { messageId, claim, usage }: UnpricedRecord): void {
    const old = toUnpricedRecord(before).usage;
    const counts = inputSideCounts(mergeUsage(old, usage));
    if (messageId === null || counts === inputSideCounts(old)) return;
    for (const replay of this.#replays.ofMessage(messageId, claim.sessionId)) {
      if (replay.claim.isInMainFile) continue;
      this.#replays.remove(replay);
      this.write(replay);
    }
  }

  /** Removes a request from a session that only replayed it. */
  #release(row: RecordRow, claim: SessionClaim): void {
    this.#replays.setAside({ ...this.#rows.toUnpriced(row), claim: claim });
    if (row.session_id !== claim.sessionId) {
      this.#claims.deleteClaim(row, claim.sessionId);
      return;
    }
    const nextOwner = this.#claims.promoteNextOwner(row);
    if (nextOwner === null) this.#rows.drop(row.seq);
    else this.#rows.update(row, { ...toUnpricedRecord(row), claim: nextOwner });
  }
}

/** Whether both are messages, or the same further request of one. */
function isCopied(draft: UnpricedRecord, row: RecordRow): boolean {
  const part = (id: string): string => id.slice(baseIdentity(id).length);
  return part(draft.id) === part(row.id);
}

/** Whether a subagent's counts are those of the main thread's request, or not known yet. */
function repeats(subagent: Usage, main: Usage): boolean {
  const counts = inputSideCounts(subagent);
  return counts === inputSideCounts(NO_USAGE) || counts === inputSideCounts(main);
}
