import { type UnpricedRecord, mergeDrafts } from '../../core/record/cost-record.ts';
import { type Sql, prepared } from '../connection/prepared.ts';
import { messageRange } from '../../core/record/identity.ts';
import type { Ledger } from '../connection/open.ts';

const PUT: Sql<[string, string, string]> = 'INSERT INTO replays VALUES (?, ?, ?)';
const TAKE: Sql<[string, string], { record_json: string }> =
  'DELETE FROM replays WHERE id = ? AND session_id = ? RETURNING record_json';
const TAKE_ALL: Sql<[string], { record_json: string }> =
  'DELETE FROM replays WHERE id = ? RETURNING record_json';
const SELECT: Sql<[string, string], { record_json: string }> =
  'SELECT record_json FROM replays WHERE id = ? AND session_id = ?';
const SELECT_ID: Sql<[string]> = 'SELECT 1 FROM replays WHERE id = ? LIMIT 1';
/** Without placeholders and what requests stated themselves, which wait here too (placeholders.ts). */
const SELECT_MESSAGE: Sql<[string, string, string], { record_json: string }> =
  `SELECT record_json FROM replays WHERE id >= ? AND id < ? AND session_id = ?
   AND id NOT LIKE '%|@0:0:0' AND id NOT LIKE '%#own'`;
const ANY: Sql<[]> = 'SELECT 1 FROM replays LIMIT 1';

/** Stores what subagents' files repeat of their main thread: docs/adr/0003-replays-are-set-aside.md. */
export class ReplayWriter {
  readonly #db: Ledger;
  /** False if there are no replays, as usual, so that not every request has to look for one. */
  #isAnyWaiting = true;

  constructor(db: Ledger) {
    this.#db = db;
  }

  get isAnyWaiting(): boolean {
    return this.#isAnyWaiting;
  }

  /** Call at the start of a transaction: nothing else writes until its end. */
  begin(): void {
    this.#isAnyWaiting = prepared(this.#db, ANY).get() !== undefined;
  }

  setAside(draft: UnpricedRecord): void {
    this.#isAnyWaiting = true;
    const stored = prepared(this.#db, TAKE).get(draft.id, draft.claim.sessionId);
    const merged = stored === undefined ? draft : mergeDrafts(parsed(stored), draft);
    prepared(this.#db, PUT).run(draft.id, draft.claim.sessionId, JSON.stringify(merged));
  }

  has(id: string): boolean {
    return this.#isAnyWaiting && prepared(this.#db, SELECT_ID).get(id) !== undefined;
  }

  /** Removes the drafts of a request and returns them, one of each session. */
  takeAll(id: string): UnpricedRecord[] {
    if (!this.#isAnyWaiting) return [];
    return prepared(this.#db, TAKE_ALL).all(id).map(parsed).toSorted(bySession);
  }

  /** A session's replays of a message. */
  ofMessage(messageId: string, sessionId: string): UnpricedRecord[] {
    if (!this.#isAnyWaiting) return [];
    const { from, before } = messageRange(messageId);
    return prepared(this.#db, SELECT_MESSAGE).all(from, before, sessionId).map(parsed);
  }

  /** The draft, merged with the replay that its session has of the same request. */
  mergedWith(draft: UnpricedRecord): UnpricedRecord {
    if (!this.#isAnyWaiting) return draft;
    const stored = prepared(this.#db, SELECT).get(draft.id, draft.claim.sessionId);
    return stored === undefined ? draft : mergeDrafts(draft, parsed(stored));
  }

  remove(draft: UnpricedRecord): void {
    if (this.#isAnyWaiting) prepared(this.#db, TAKE).get(draft.id, draft.claim.sessionId);
  }

  /** The draft, merged with the stored replay if the request turns out to be in the main transcript. */
  takenInto(draft: UnpricedRecord): UnpricedRecord {
    if (!this.#isAnyWaiting) return draft;
    const replay = prepared(this.#db, TAKE).get(draft.id, draft.claim.sessionId);
    return replay === undefined ? draft : mergeDrafts(draft, parsed(replay));
  }
}

function parsed(replay: { record_json: string }): UnpricedRecord {
  return JSON.parse(replay.record_json) as UnpricedRecord;
}

function bySession(a: UnpricedRecord, b: UnpricedRecord): number {
  return a.claim.sessionId < b.claim.sessionId ? -1 : 1;
}
