import { LazyStatement } from '../connection/lazy-statement.ts';
import type { Ledger } from '../connection/open.ts';

/** Records that a payload told of and transcripts' records of the same tool calls: who has told of a call. */
export class PayloadRows {
  readonly #any: LazyStatement<[]>;
  readonly #select: LazyStatement<[string], { seq: number }>;
  readonly #selectTranscripts: LazyStatement<[string]>;

  constructor(db: Ledger) {
    this.#any = new LazyStatement(
      db,
      `SELECT 1 FROM cost_records WHERE source = 'payload' LIMIT 1`,
    );
    const calls = `SELECT r.seq FROM tool_uses t JOIN cost_records r ON r.seq = t.record_seq
      WHERE t.tool_use_id = ? AND r.source`;
    this.#select = new LazyStatement(db, `${calls} = 'payload'`);
    this.#selectTranscripts = new LazyStatement(db, `${calls} <> 'payload' LIMIT 1`);
  }

  /** The rows in which payloads told of these calls. */
  of(calls: Iterable<{ toolUseId: string }>): number[] {
    if (this.#any.get() === undefined) return [];
    const seqs: number[] = [];
    for (const { toolUseId } of calls) {
      for (const { seq } of this.#select.all(toolUseId)) seqs.push(seq);
    }
    return seqs;
  }

  /** Whether a transcript's record made this tool call. */
  hasTranscriptRecord(toolUseId: string): boolean {
    return this.#selectTranscripts.get(toolUseId) !== undefined;
  }
}
