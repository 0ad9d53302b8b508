import { type UnpricedRecord, mergeDrafts } from '../../core/record/cost-record.ts';
import { LazyStatement } from '../connection/lazy-statement.ts';
import type { Ledger } from '../connection/open.ts';

/** What subagents' files repeat of their main thread, set aside: docs/adr/0003-replays-are-set-aside.md. */
export class ReplayWriter {
  readonly #put: LazyStatement<[string, string, string]>;
  readonly #take: LazyStatement<[string, string], { record_json: string }>;
  readonly #any: LazyStatement<[]>;
  /** False where no replay waits: as a rule there are none, and nobody need ask at every request. */
  #isAnyWaiting = true;

  constructor(db: Ledger) {
    this.#put = new LazyStatement(db, 'INSERT INTO replays VALUES (?, ?, ?)');
    this.#take = new LazyStatement(
      db,
      'DELETE FROM replays WHERE id = ? AND session_id = ? RETURNING record_json',
    );
    this.#any = new LazyStatement(db, 'SELECT 1 FROM replays LIMIT 1');
  }

  /** At the start of a transaction: nobody else writes until its end. */
  begin(): void {
    this.#isAnyWaiting = this.#any.get() !== undefined;
  }

  setAside(draft: UnpricedRecord): void {
    this.#isAnyWaiting = true;
    const known = this.#take.get(draft.id, draft.holding.sessionId);
    const merged = known === undefined ? draft : mergeDrafts(parsed(known), draft);
    this.#put.run(draft.id, draft.holding.sessionId, JSON.stringify(merged));
  }

  /** The draft, with what was set aside of a request that turns out to be the main thread's. */
  takenInto(draft: UnpricedRecord): UnpricedRecord {
    if (!draft.holding.isInMainFile || !this.#isAnyWaiting) return draft;
    const replay = this.#take.get(draft.id, draft.holding.sessionId);
    return replay === undefined ? draft : mergeDrafts(draft, parsed(replay));
  }
}

function parsed(replay: { record_json: string }): UnpricedRecord {
  return JSON.parse(replay.record_json) as UnpricedRecord;
}
