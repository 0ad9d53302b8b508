import type { ToolResultDraft, ToolUseDraft } from '../../core/extract/extraction.ts';
import { type Sql, prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';

const ANY_RESULT: Sql<[]> = 'SELECT 1 FROM tool_results LIMIT 1';
const PUT = `INSERT INTO tool_uses (record_seq, tool_use_id, name, mcp_server, skill, plugin, file_path,
    command_word, subagent_type, called_at_ms, duration_ms, is_failed)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET called_at_ms = min(called_at_ms, excluded.called_at_ms),
    skill = coalesce(skill, excluded.skill),
    plugin = coalesce(plugin, excluded.plugin),
    file_path = coalesce(file_path, excluded.file_path),
    command_word = coalesce(command_word, excluded.command_word),
    subagent_type = coalesce(subagent_type, excluded.subagent_type),
    duration_ms = coalesce(duration_ms, excluded.duration_ms),
    is_failed = coalesce(is_failed, excluded.is_failed)`;
const SET_RESULT = `UPDATE tool_uses SET
    duration_ms = coalesce(@durationMs, duration_ms), is_failed = coalesce(@isFailed, is_failed)
  WHERE tool_use_id = @toolUseId`;
const KEEP_RESULT = `INSERT INTO tool_results VALUES (@toolUseId, @durationMs, @isFailed)
  ON CONFLICT DO UPDATE SET duration_ms = coalesce(excluded.duration_ms, duration_ms),
    is_failed = coalesce(excluded.is_failed, is_failed)`;
const TAKE_RESULT: Sql<[string], { duration_ms: number | null; is_failed: number | null }> =
  'DELETE FROM tool_results WHERE tool_use_id = ? RETURNING duration_ms, is_failed';

/** Writes tool calls with their results. A result may be read before its call, or come from an event. */
export class ToolWriter {
  readonly #db: Ledger;
  #hasResults = true;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Call at the start of a transaction: nothing else writes until its end. */
  begin(): void {
    this.#hasResults = prepared(this.#db, ANY_RESULT).get() !== undefined;
  }

  /** @param results the results in the same batch, by tool use id; used ones are removed */
  putCalls(
    calls: Iterable<[recordSeq: number, call: ToolUseDraft]>,
    results: Map<string, ToolResultDraft>,
  ): void {
    for (const [recordSeq, call] of calls) {
      const result = results.get(call.toolUseId);
      const early =
        result === undefined && this.#hasResults
          ? prepared(this.#db, TAKE_RESULT).get(call.toolUseId)
          : undefined;
      results.delete(call.toolUseId);
      prepared(this.#db, PUT).run(
        recordSeq,
        call.toolUseId,
        call.name,
        call.mcpServer,
        call.skill,
        call.plugin,
        call.filePath,
        call.commandWord,
        // A call that an earlier version spooled has none.
        call.subagentType ?? null,
        call.calledAtMs,
        result?.durationMs ?? early?.duration_ms ?? null,
        result === undefined ? (early?.is_failed ?? null) : Number(result.isFailed),
      );
    }
  }

  putResults(results: Iterable<ToolResultDraft>): void {
    for (const { toolUseId, durationMs, isFailed } of results) {
      const row = { toolUseId, durationMs, isFailed: Number(isFailed) };
      if (prepared(this.#db, SET_RESULT).run(row).changes > 0) continue;
      prepared(this.#db, KEEP_RESULT).run(row);
      this.#hasResults = true;
    }
  }
}
