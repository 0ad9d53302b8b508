import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/index.ts';
import { placesOf } from '../../src/sources/transcripts/places.ts';
import type { Usage } from '../../src/core/usage/usage.ts';
import {
  type ImportOptions,
  type ImportOutcome,
  importTranscripts,
} from '../../src/ingest/import.ts';
import { freshLedger } from '../../src/ingest/fresh-ledger.ts';
import { recordedFiles } from '../../src/ingest/reread.ts';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';
import { resolveProject } from '../../src/sources/machine/project.ts';
import { type Ledger, openLedger } from '../../src/store/connection/open.ts';
import { Spool } from '../../src/store/ingest/spool.ts';
import { verifyLedger } from '../../src/store/verify/ledger.ts';
import { verifyTranscripts } from '../../src/store/verify/transcripts.ts';
import { LedgerWriter } from '../../src/store/ingest/writer.ts';
import type { Home } from './home.ts';

/** A folder for one test, which is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryLedger(folder = temporaryFolder()): { db: Ledger; path: string } {
  const path = join(folder, 'telemetry.db');
  const db = openLedger(path, { busyTimeoutMs: 5000 });
  onTestFinished(() => {
    db.close();
  });
  return { db, path };
}

export function writerOf(db: Ledger): LedgerWriter {
  return new LedgerWriter(db, builtinPrices(), resolveProject);
}

export function importInto(db: Ledger, folder: string, options?: ImportOptions): ImportOutcome {
  const spool = new Spool(join(folder, '..', 'no-spool'));
  return importTranscripts(writerOf(db), spool, placesOf(claudeCode, [folder]), options);
}

/** Reads the transcripts of a home into its ledger, without a process for it. */
export function importHome(home: Home): void {
  mkdirSync(home.data, { recursive: true, mode: 0o700 });
  const db = openLedger(home.ledger, { busyTimeoutMs: 5000 });
  try {
    importInto(db, home.projects);
  } finally {
    db.close();
  }
}

export interface Sum extends Usage {
  requests: number;
  unpricedRequests: number;
  costNanoUsd: number;
}

/** Sums by one column, computed directly from the rows. */
export function sumsBy(db: Ledger, column: 'model' | 'session_id'): Record<string, Sum> {
  const rows = db
    .prepare(
      `SELECT ${column} AS key, count(*) AS requests, sum(input_tokens) AS inputTokens,
         sum(output_tokens) AS outputTokens, sum(cache_read_tokens) AS cacheReadTokens,
         sum(cache_write_5m_tokens) AS cacheWrite5mTokens,
         sum(cache_write_1h_tokens) AS cacheWrite1hTokens,
         sum(web_search_requests) AS webSearchRequests,
         sum(cost_nano_usd IS NULL) AS unpricedRequests, sum(cost_nano_usd) AS costNanoUsd
       FROM cost_records GROUP BY 1 ORDER BY 1`,
    )
    .all() as (Sum & { key: string })[];
  return Object.fromEntries(rows.map(({ key, ...sum }) => [key, sum]));
}

/** Everything in the ledger that must not depend on the order of reading. */
export function recordsOf(db: Ledger): unknown[] {
  return db
    .prepare(
      `SELECT id, occurred_at_ms, session_id, prompt_id, agent_id, agent_type, parent_agent_id,
         model_raw, input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
         cache_write_1h_tokens, web_search_requests, service_tier, speed, inference_geo, cost_nano_usd,
         price_id, price_basis, is_output_final, tool_name, cwd, git_branch, task_type, metadata
       FROM cost_records ORDER BY id`,
    )
    .all();
}

/** Every tool call of every record, with its result. */
export function callsOf(db: Ledger): unknown[] {
  return db
    .prepare(
      `SELECT r.id, t.tool_use_id, t.name, t.mcp_server, t.skill, t.plugin, t.file_path, t.command_word,
         t.called_at_ms, t.duration_ms, t.is_failed
       FROM tool_uses t JOIN cost_records r ON r.seq = t.record_seq ORDER BY r.id, t.tool_use_id`,
    )
    .all();
}

/** The checks that failed of all that `verify` makes, which reads the transcripts below a folder again. */
export function allFaultsOf(db: Ledger, path: string, folder: string): string[] {
  const alsoFiles = recordedFiles(db);
  const places = placesOf(claudeCode, [folder]);
  const fresh = freshLedger(builtinPrices(), places, { alsoFiles });
  try {
    return [...verifyLedger(db), ...verifyTranscripts(fresh, path)]
      .filter((check) => !check.isSound)
      .map((check) => `${check.name}: ${check.found}`);
  } finally {
    fresh.close();
  }
}

/** The names of the checks that failed. */
export function faultsOf(db: Ledger): string[] {
  return verifyLedger(db)
    .filter((check) => !check.isSound)
    .map((check) => `${check.name}: ${check.found}`);
}
