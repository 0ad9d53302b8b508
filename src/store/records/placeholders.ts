import {
  type SessionClaim,
  type UnpricedRecord,
  mergeClaims,
  mergeDrafts,
} from '../../core/record/cost-record.ts';
import type { RecordRow } from '../../core/record/record-columns.ts';
import type { ClaimWriter } from './ownership.ts';
import type { ReplayWriter } from './replays.ts';
import { toUnpricedRecord } from './row.ts';
import type { RecordRows } from './table.ts';

/** Marks what the request itself stated, without its placeholders. */
const OWN = '#own';

/**
 * Joins placeholders (lines without counts and request id) with the request of their message id. If there
 * are several, as behind a gateway with a constant id, no one knows which: then they change none of them.
 * So both the placeholders and what the request's own lines state are kept, to undo the joining when a
 * second request arrives.
 */
export class PlaceholderWriter {
  readonly #rows: RecordRows;
  readonly #claims: ClaimWriter;
  readonly #replays: ReplayWriter;

  constructor(rows: RecordRows, claims: ClaimWriter, replays: ReplayWriter) {
    this.#rows = rows;
    this.#claims = claims;
    this.#replays = replays;
  }

  /** @returns the row that its tool calls belong to; null if it is a request of its own so far */
  write(draft: UnpricedRecord, messageId: string): number | null {
    const [host, other] = this.#rows.hosts(messageId);
    if (host === undefined) return null;
    this.#replays.setAside(draft);
    if (other === undefined) this.#join(host, draft);
    return host.seq;
  }

  /** Call before a request is inserted: another one may have placeholders that are now ambiguous. */
  separate(messageId: string): void {
    if (!this.#replays.isAnyWaiting) return;
    for (const host of this.#rows.hosts(messageId)) {
      const [first, ...others] = this.#replays.takeAll(host.id + OWN);
      if (first === undefined) continue;
      this.#claims.deleteAll(host);
      this.#rows.update(host, { ...first, id: host.id });
      for (const draft of others) this.merge(this.#row(host.id), { ...draft, id: host.id });
    }
  }

  /** Call after a request was inserted: a placeholder that was a request of its own is now part of it. */
  adopt(placeholder: RecordRow, id: string): void {
    const host = this.#row(id);
    const drafts = this.#copies(placeholder);
    this.#rows.moveInto(placeholder, host.seq);
    for (const draft of drafts) {
      this.#replays.setAside(draft);
      this.#join(this.#row(id), draft);
    }
  }

  /** Call when a line is merged into its request. */
  noteOwn(draft: UnpricedRecord): void {
    const id = draft.id + OWN;
    if (this.#replays.has(id)) this.#replays.setAside({ ...draft, id });
  }

  /** Merges a draft into a row of the same request. */
  merge(row: RecordRow, draft: UnpricedRecord): void {
    const current = this.#rows.toUnpriced(row, draft);
    if (row.session_id === draft.claim.sessionId) {
      this.#rows.update(row, mergeDrafts(current, draft));
      return;
    }
    const merged = mergeDrafts(current, { ...draft, claim: current.claim });
    const before = this.#claims.selectClaim(row, draft.claim.sessionId);
    const claim = before === null ? draft.claim : mergeClaims(before, draft.claim);
    this.settleOwner(row, merged, claim);
  }

  /** Assigns the request to its session or to the session of `claim`, whichever owns it. */
  settleOwner(row: RecordRow, draft: UnpricedRecord, claim: SessionClaim): void {
    const owner = this.#claims.settle(row, draft.claim, claim);
    this.#rows.update(row, { ...draft, claim: owner });
  }

  #join(host: RecordRow, placeholder: UnpricedRecord): void {
    if (!this.#replays.has(host.id + OWN)) {
      for (const draft of this.#copies(host)) {
        this.#replays.setAside({ ...draft, id: host.id + OWN });
      }
    }
    this.merge(host, { ...placeholder, id: host.id, requestId: host.trace_id });
  }

  /** The request as each session that contains it claims it. */
  #copies(row: RecordRow): UnpricedRecord[] {
    const draft = this.#rows.toUnpriced(row);
    const others = this.#claims.selectAll(row).map((claim) => ({ ...draft, claim }));
    return [{ ...draft, claim: toUnpricedRecord(row).claim }, ...others];
  }

  #row(id: string): RecordRow {
    const row = this.#rows.find(id);
    if (row === undefined) throw new Error(`the record ${id} was deleted while it was written`);
    return row;
  }
}
