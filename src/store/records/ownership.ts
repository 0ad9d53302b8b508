import { type Claimant, type SessionClaim, hasPriorClaim } from '../../core/record/cost-record.ts';
import { type Sql, prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';
import type { RecordRow } from '../../core/record/record-columns.ts';
import { toUnpricedRecord } from './row.ts';

const SELECT: Sql<[number, string], { claim_json: string }> =
  'SELECT claim_json FROM record_claims WHERE record_seq = ? AND session_id = ?';
const SELECT_ALL: Sql<[number], { claim_json: string }> =
  'SELECT claim_json FROM record_claims WHERE record_seq = ?';
const PUT: Sql<[number, string, string]> =
  'INSERT INTO record_claims VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET claim_json = excluded.claim_json';
const DROP: Sql<[number, string]> =
  'DELETE FROM record_claims WHERE record_seq = ? AND session_id = ?';
const DROP_ALL: Sql<[number]> = 'DELETE FROM record_claims WHERE record_seq = ?';
const SELECT_UNOWNED: Sql<[string], RecordRow> =
  'SELECT r.* FROM record_claims h JOIN cost_records r ON r.seq = h.record_seq WHERE h.session_id = ?';
const SELECT_BIRTH: Sql<[string], { born_at_ms: number | null }> =
  'SELECT born_at_ms FROM sessions WHERE session_id = ?';
const SET_PARENT: Sql<[string, string]> =
  'UPDATE sessions SET parent_session_id = ? WHERE session_id = ? AND parent_session_id IS NULL';

/**
 * Which sessions contain a request. The record's row belongs to its owner, and `record_claims` contains
 * the others. The session that began first is the owner.
 */
export class ClaimWriter {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Rows that a session contains but does not own. */
  selectUnowned(sessionId: string): RecordRow[] {
    return prepared(this.#db, SELECT_UNOWNED).all(sessionId);
  }

  /** The claim of a session that does not own the row; null if it has none. */
  selectClaim(row: RecordRow, sessionId: string): SessionClaim | null {
    const holder = prepared(this.#db, SELECT).get(row.seq, sessionId);
    return holder === undefined ? null : parsed(holder);
  }

  /** The claim of a session, whether or not it owns the row. */
  selectClaimOrOwner(row: RecordRow, sessionId: string): SessionClaim | null {
    return row.session_id === sessionId
      ? toUnpricedRecord(row).claim
      : this.selectClaim(row, sessionId);
  }

  /**
   * Decides whether the session of `claim` owns the row instead of its owner, and stores the other's
   * claim.
   */
  settle(row: RecordRow, current: SessionClaim, claim: SessionClaim): SessionClaim {
    const isOwner = this.#owns(claim, current);
    const [owner, loser] = isOwner ? [claim, current] : [current, claim];
    if (isOwner) prepared(this.#db, DROP).run(row.seq, owner.sessionId);
    prepared(this.#db, PUT).run(row.seq, loser.sessionId, JSON.stringify(loser));
    prepared(this.#db, SET_PARENT).run(owner.sessionId, loser.sessionId);
    return owner;
  }

  /** Called when the row leaves its owner: removes the next owner from the other claims and returns it. */
  promoteNextOwner(row: RecordRow): SessionClaim | null {
    const nextOwner = this.selectAll(row).reduce<SessionClaim | null>(
      (best, other) => (best === null || this.#owns(other, best) ? other : best),
      null,
    );
    if (nextOwner !== null) prepared(this.#db, DROP).run(row.seq, nextOwner.sessionId);
    return nextOwner;
  }

  /** The claims of all sessions that do not own the row. */
  selectAll(row: RecordRow): SessionClaim[] {
    return prepared(this.#db, SELECT_ALL)
      .all(row.seq)
      .map((holder) => parsed(holder));
  }

  deleteAll(row: RecordRow): void {
    prepared(this.#db, DROP_ALL).run(row.seq);
  }

  deleteClaim(row: RecordRow, sessionId: string): void {
    prepared(this.#db, DROP).run(row.seq, sessionId);
  }

  #owns(a: SessionClaim, b: SessionClaim): boolean {
    return hasPriorClaim(this.#claimant(a), this.#claimant(b));
  }

  #claimant({ sessionId, isExplicit }: SessionClaim): Claimant {
    const bornAtMs = prepared(this.#db, SELECT_BIRTH).get(sessionId)?.born_at_ms ?? null;
    return { sessionId, isExplicit, bornAtMs };
  }
}

function parsed(holder: { claim_json: string }): SessionClaim {
  return JSON.parse(holder.claim_json) as SessionClaim;
}
