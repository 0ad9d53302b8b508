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
import type { ProjectWriter } from '../ingest/projects.ts';
import { RecordRows } from './table.ts';
import { ReplayWriter } from './replays.ts';
import type { RecordRow } from '../../core/record/record-columns.ts';
import { draftOf } from './row.ts';

/** Writes drafts under the rules of identity, merging and ownership; inside a transaction. */
export class RecordWriter {
  readonly #rows: RecordRows;
  readonly #holders: ClaimWriter;
  readonly #replays: ReplayWriter;
  readonly #payloads: PayloadRows;
  added = 0;
  known = 0;

  constructor(db: Ledger, prices: PriceTable, projects: ProjectWriter) {
    this.#rows = new RecordRows(db, prices, projects);
    this.#holders = new ClaimWriter(db);
    this.#replays = new ReplayWriter(db);
    this.#payloads = new PayloadRows(db);
  }

  /**
   * At the start of a transaction: nobody else writes until its end.
   * @param hookEventId the event that brings what will be written
   */
  begin(hookEventId: number | null): void {
    this.#rows.hookEventId = hookEventId;
    this.added = 0;
    this.known = 0;
    this.#replays.begin();
  }

  /** A transcript now holds these calls: what a payload had told of them is told better. */
  replacePayloads(calls: Iterable<{ toolUseId: string }>): void {
    for (const seq of this.#payloads.of(calls)) this.#rows.drop(seq);
  }

  /** Whether a transcript's record made this tool call. */
  hasTranscriptCall(toolUseId: string): boolean {
    return this.#payloads.hasTranscriptRecord(toolUseId);
  }

  /** @returns the row's number; null where the draft is a replay of a request already there */
  write(found: UnpricedRecord): number | null {
    const siblings = this.#rows.siblings(found);
    const own = siblings.find((row) => row.id === found.id);
    if (found.messageId !== null && this.#isReplay(found, siblings, own)) return null;
    const draft = this.#replays.takenInto(found);
    if (own === undefined) {
      this.added++;
      return this.#rows.insert(draft);
    }
    this.known++;
    if (own.session_id === draft.holding.sessionId) {
      this.#rows.update(own, mergeDrafts(this.#rows.knownOf(own, draft), draft));
    } else {
      this.#mergeAcrossSessions(own, draft);
    }
    return own.seq;
  }

  /** A session turned out to be born earlier than was known: it may own what it holds. */
  reconsiderOwners(sessionId: string): void {
    for (const row of this.#holders.heldBeside(sessionId)) {
      const holding = this.#holders.holderOf(row, sessionId);
      if (holding !== null) this.#settleOwner(row, draftOf(row), holding);
    }
  }

  /**
   * Settles a draft with the other requests of its message id: a payload's record gives way to
   * the transcript's; a subagent's copy of what its session's main transcript holds is a replay,
   * in whatever order the two come.
   */
  #isReplay(draft: UnpricedRecord, siblings: RecordRow[], own: RecordRow | undefined): boolean {
    const { sessionId, isInMainFile } = draft.holding;
    const isKnownToMain =
      own !== undefined && this.#holders.heldBy(own, sessionId)?.isInMainFile === true;
    const base = baseIdentity(draft.id);
    for (const row of siblings) {
      if (baseIdentity(row.id) === base) continue;
      if (draft.source === 'payload') return true;
      if (row.source === 'payload') {
        this.#rows.drop(row.seq);
        continue;
      }
      const held = this.#holders.heldBy(row, sessionId);
      if (held === null) continue;
      if (held.isInMainFile && !isInMainFile && !isKnownToMain) {
        this.#replays.setAside(draft);
        return true;
      }
      if (!held.isInMainFile && isInMainFile) this.#release(row, held);
    }
    return false;
  }

  /** Takes a request out of a session that only replayed it. */
  #release(row: RecordRow, held: SessionClaim): void {
    this.#replays.setAside({ ...this.#rows.knownOf(row), holding: held });
    if (row.session_id !== held.sessionId) {
      this.#holders.dropHolder(row, held.sessionId);
      return;
    }
    const heir = this.#holders.takeHeir(row);
    if (heir === null) this.#rows.drop(row.seq);
    else this.#rows.update(row, { ...draftOf(row), holding: heir });
  }

  #mergeAcrossSessions(own: RecordRow, draft: UnpricedRecord): void {
    const current = this.#rows.knownOf(own, draft);
    const merged = mergeDrafts(current, { ...draft, holding: current.holding });
    const before = this.#holders.holderOf(own, draft.holding.sessionId);
    const holding = before === null ? draft.holding : mergeClaims(before, draft.holding);
    this.#settleOwner(own, merged, holding);
  }

  /** Gives the request to its session or to the one that `holding` tells of, whichever owns it. */
  #settleOwner(row: RecordRow, draft: UnpricedRecord, holding: SessionClaim): void {
    const owner = this.#holders.settle(row, draft.holding, holding);
    this.#rows.update(row, { ...draft, holding: owner });
  }
}
