import {
  type SessionClaim,
  type UnpricedRecord,
  mergeDrafts,
  mergeClaims,
} from '../../core/record/cost-record.ts';
import { baseIdentity } from '../../core/record/identity.ts';
import type { PriceTable } from '../../pricing/cost.ts';
import { ClaimWriter } from './ownership.ts';
import type { Ledger } from '../connection/open.ts';
import { PayloadRows } from './payload-records.ts';
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
  added = 0;
  known = 0;

  constructor(db: Ledger, prices: PriceTable, projects: SessionProjects) {
    this.#rows = new RecordRows(db, prices, projects);
    this.#claims = new ClaimWriter(db);
    this.#replays = new ReplayWriter(db);
    this.#payloads = new PayloadRows(db);
  }

  /**
   * Call at the start of a transaction: nothing else writes until its end.
   * @param hookEventId the event that reports what will be written
   */
  begin(hookEventId: number | null): void {
    this.#rows.hookEventId = hookEventId;
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
    const siblings = this.#rows.siblings(incoming);
    const own = siblings.find((row) => row.id === incoming.id);
    if (incoming.messageId !== null && this.#isReplay(incoming, siblings, own)) return null;
    const draft = this.#replays.takenInto(incoming);
    if (own === undefined) {
      this.added++;
      return this.#rows.insert(draft);
    }
    this.known++;
    if (own.session_id === draft.claim.sessionId) {
      this.#rows.update(own, mergeDrafts(this.#rows.toUnpriced(own, draft), draft));
    } else {
      this.#mergeAcrossSessions(own, draft);
    }
    return own.seq;
  }

  /** Called when a session turns out to have begun earlier: it may own requests that it contains. */
  reconsiderOwners(sessionId: string): void {
    for (const row of this.#claims.selectUnowned(sessionId)) {
      const claim = this.#claims.selectClaim(row, sessionId);
      if (claim !== null) this.#settleOwner(row, toUnpricedRecord(row), claim);
    }
  }

  /**
   * Checks a draft against the other requests of its message id. A payload's record gives way to the
   * transcript's. A subagent's copy of a request in its session's main transcript is a replay, whichever
   * of the two is read first.
   */
  #isReplay(draft: UnpricedRecord, siblings: RecordRow[], own: RecordRow | undefined): boolean {
    const { sessionId, isInMainFile } = draft.claim;
    const isInMain =
      own !== undefined && this.#claims.selectClaimOrOwner(own, sessionId)?.isInMainFile === true;
    const base = baseIdentity(draft.id);
    for (const row of siblings) {
      if (baseIdentity(row.id) === base) continue;
      if (draft.source === 'payload') return true;
      if (row.source === 'payload') {
        this.#rows.drop(row.seq);
        continue;
      }
      const claim = this.#claims.selectClaimOrOwner(row, sessionId);
      if (claim === null) continue;
      if (claim.isInMainFile && !isInMainFile && !isInMain) {
        this.#replays.setAside(draft);
        return true;
      }
      if (!claim.isInMainFile && isInMainFile) this.#release(row, claim);
    }
    return false;
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

  #mergeAcrossSessions(own: RecordRow, draft: UnpricedRecord): void {
    const current = this.#rows.toUnpriced(own, draft);
    const merged = mergeDrafts(current, { ...draft, claim: current.claim });
    const before = this.#claims.selectClaim(own, draft.claim.sessionId);
    const claim = before === null ? draft.claim : mergeClaims(before, draft.claim);
    this.#settleOwner(own, merged, claim);
  }

  /** Assigns the request to its session or to the session of `claim`, whichever owns it. */
  #settleOwner(row: RecordRow, draft: UnpricedRecord, claim: SessionClaim): void {
    const owner = this.#claims.settle(row, draft.claim, claim);
    this.#rows.update(row, { ...draft, claim: owner });
  }
}
