import type { Extraction, ToolUseDraft } from '../../core/extract/extraction.ts';
import { prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';

// Spooled work may arrive after lines that follow it.
const PUT = `INSERT INTO attribution_steps VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET record_seq = coalesce(excluded.record_seq, record_seq),
    line_count = excluded.line_count, step_json = excluded.step_json
  WHERE excluded.line_count >= line_count`;
const PUT_PULL_REQUEST = `INSERT INTO pull_requests VALUES (@sessionId, @name, @linkedAtMs)
  ON CONFLICT DO UPDATE SET linked_at_ms = min(linked_at_ms, excluded.linked_at_ms)`;

/**
 * Writes the steps that costs are attributed by, inside the transaction that moves the transcript's
 * cursor.
 */
export class StepWriter {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /**
   * @param seqs rows of the batch's requests; a replay has none, but is part of the context all the same
   */
  put(
    { steps, pullRequests }: Extraction,
    file: { transcriptId: number; generation: number },
    seqs: ReadonlyMap<string, number>,
  ): void {
    for (const { ordinal, agentId, isInline, recordId, lineCount, step } of steps) {
      prepared(this.#db, PUT).run(
        file.transcriptId,
        file.generation,
        ordinal,
        agentId,
        Number(isInline),
        seqs.get(recordId) ?? null,
        lineCount,
        JSON.stringify(step),
      );
    }
    for (const link of pullRequests) prepared(this.#db, PUT_PULL_REQUEST).run(link);
  }
}

/** A call that only an event reports. */
export function plainToolUse(
  call: Pick<ToolUseDraft, 'recordId' | 'toolUseId' | 'name' | 'calledAtMs'>,
): ToolUseDraft {
  return {
    ...call,
    mcpServer: null,
    skill: null,
    plugin: null,
    filePath: null,
    commandWord: null,
    subagentType: null,
  };
}
