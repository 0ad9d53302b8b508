import { type UnpricedRecord, mergeDrafts } from '../../core/record/cost-record.ts';
import { type Sql, prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';

const PUT: Sql<[string, string, string]> = 'INSERT INTO replays VALUES (?, ?, ?)';
const TAKE: Sql<[string, string], { record_json: string }> =
  'DELETE FROM replays WHERE id = ? AND session_id = ? RETURNING record_json';
const ANY: Sql<[]> = 'SELECT 1 FROM replays LIMIT 1';

/** Stores what subagents' files repeat of their main thread: docs/adr/0003-replays-are-set-aside.md. */
export class ReplayWriter {
  readonly #db: Ledger;
  /** False if there are no replays, as usual, so that not every request has to look for one. */
  #isAnyWaiting = true;

  constructor(db: Ledger) {
    this.#db = db;
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

  /** The draft, merged with the stored replay if the request turns out to be in the main transcript. */
  takenInto(draft: UnpricedRecord): UnpricedRecord {
    if (!draft.claim.isInMainFile || !this.#isAnyWaiting) return draft;
    const replay = prepared(this.#db, TAKE).get(draft.id, draft.claim.sessionId);
    return replay === undefined ? draft : mergeDrafts(draft, parsed(replay));
  }
}

function parsed(replay: { record_json: string }): UnpricedRecord {
  return JSON.parse(replay.record_json) as UnpricedRecord;
}
