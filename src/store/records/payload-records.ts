import { type Sql, prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';

const CALLS = `SELECT r.seq FROM tool_uses t JOIN cost_records r ON r.seq = t.record_seq
  WHERE t.tool_use_id = ? AND r.source`;
const ANY: Sql<[]> = `SELECT 1 FROM cost_records WHERE source = 'payload' LIMIT 1`;
const SELECT: Sql<[string], { seq: number }> = `${CALLS} = 'payload'`;
const SELECT_TRANSCRIPTS: Sql<[string]> = `${CALLS} <> 'payload' LIMIT 1`;

/** Finds the records from payloads and from transcripts that contain a given tool call. */
export class PayloadRows {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** The rows that payloads reported for these calls. */
  of(calls: Iterable<{ toolUseId: string }>): number[] {
    if (prepared(this.#db, ANY).get() === undefined) return [];
    const seqs: number[] = [];
    for (const { toolUseId } of calls) {
      for (const { seq } of prepared(this.#db, SELECT).all(toolUseId)) seqs.push(seq);
    }
    return seqs;
  }

  /** Whether a transcript's record made this tool call. */
  hasTranscriptRecord(toolUseId: string): boolean {
    return prepared(this.#db, SELECT_TRANSCRIPTS).get(toolUseId) !== undefined;
  }
}
