import { type UnpricedRecord, mergeDrafts } from '../../core/record/cost-record.ts';
import { type Sql, prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';

const PUT: Sql<[string, string, string]> = 'INSERT INTO replays VALUES (?, ?, ?)';
const TAKE: Sql<[string, string], { record_json: string }> =
  'DELETE FROM replays WHERE id = ? AND session_id = ? RETURNING record_json';
const ANY: Sql<[]> = 'SELECT 1 FROM replays LIMIT 1';

/** What subagents' files repeat of their main thread, set aside: docs/adr/0003-replays-are-set-aside.md. */
export class ReplayWriter {
  readonly #db: Ledger;
  /** False where no replay waits: as a rule there are none, and nobody need ask at every request. */
  #isAnyWaiting = true;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** At the start of a transaction: nobody else writes until its end. */
  begin(): void {
    this.#isAnyWaiting = prepared(this.#db, ANY).get() !== undefined;
  }

  setAside(draft: UnpricedRecord): void {
    this.#isAnyWaiting = true;
    const known = prepared(this.#db, TAKE).get(draft.id, draft.claim.sessionId);
    const merged = known === undefined ? draft : mergeDrafts(parsed(known), draft);
    prepared(this.#db, PUT).run(draft.id, draft.claim.sessionId, JSON.stringify(merged));
  }

  /** The draft, with what was set aside of a request that turns out to be the main thread's. */
  takenInto(draft: UnpricedRecord): UnpricedRecord {
    if (!draft.claim.isInMainFile || !this.#isAnyWaiting) return draft;
    const replay = prepared(this.#db, TAKE).get(draft.id, draft.claim.sessionId);
    return replay === undefined ? draft : mergeDrafts(draft, parsed(replay));
  }
}

function parsed(replay: { record_json: string }): UnpricedRecord {
  return JSON.parse(replay.record_json) as UnpricedRecord;
}
