import type { AgentMetadata, AgentSource } from '../agents/source.ts';
import type { RecordSource } from '../core/record/cost-record.ts';
import { copyOfTrace, initialTrace } from '../core/attribution/trace.ts';
import { Extractor } from '../core/extract/extractor.ts';
import { latestArrival } from '../core/extract/line-time.ts';
import { type ThreadState, initialThreadState } from '../core/transcript/thread.ts';
import { readHeadOrNull } from '../files/read-bounded.ts';
import type { SourceFile } from '../sources/transcripts/places.ts';
import type { TranscriptBatch, TranscriptCursor } from '../store/ingest/batch.ts';
import type { NewContent } from './new-content.ts';
import { readDocument } from './read-document.ts';
import { readLines } from './read-lines.ts';
import { readTable } from './read-table.ts';

/** What says more about a file is at the beginning of its companions. */
const COMPANION_BYTES = 64 * 1024;

const NO_METADATA: AgentMetadata = { agentType: null, parentAgentId: null, spawnToolUseId: null };

/** A batch, and where reading continues after it. */
export interface ReadBatch {
  batch: TranscriptBatch;
  next: TranscriptCursor;
  lineCount: number;
  hasMore: boolean;
  /** The first lines of the file; empty if it was not read from its start. */
  firstLines: string[];
}

/**
 * Reads and extracts what is new in one file.
 * @param cursor where to continue; null for a file that was never read
 * @param storedBytes the cursor in the ledger (not the spool's); null if there is none
 * @param onError takes the reason if the file exists and can't be read
 * @returns null if there is nothing new, or if it can't be read
 */
export function readBatch(
  file: SourceFile,
  cursor: TranscriptCursor | null,
  storedBytes: number | null,
  options: { maxBytes: number; source: RecordSource },
  onError?: (error: unknown) => void,
): ReadBatch | null {
  const content = readNew(file, cursor, options.maxBytes, onError);
  return content === null ? null : extractBatch(file, content, cursor, storedBytes, options.source);
}

function readNew(
  { source, path }: SourceFile,
  cursor: TranscriptCursor | null,
  maxBytes: number,
  onError?: (error: unknown) => void,
): NewContent | null {
  switch (source.kind) {
    case 'lines':
      return readLines(source, path, cursor, maxBytes, onError);
    case 'document':
      return readDocument(source, path, cursor, onError);
    case 'table':
      return readTable(source, path, cursor, onError);
  }
}

/** Extracts what is new. @param cursor that it was read from; null for the start of a new file */
export function extractBatch(
  { agent, source, path }: SourceFile,
  content: NewContent,
  cursor: TranscriptCursor | null,
  storedBytes: number | null,
  recordSource: RecordSource,
): ReadBatch {
  const place = source.locate(path);
  const state =
    cursor === null
      ? initialThreadState()
      : content.isRestart
        ? initialThreadState((cursor.state.trace?.generation ?? 0) + 1)
        : copyOfState(cursor.state);
  const extractor = new Extractor(
    state,
    {
      client: agent.name,
      kind: place.kind,
      fileSessionId: place.sessionId,
      agentId: place.agentId,
      ...readMetadata(source, path, state),
      fallbackAtMs: Math.floor(content.modifiedAtMs),
      arrivedAtMs: latestArrival(recordSource === 'hook', content.modifiedAtMs, Date.now()),
    },
    recordSource,
  );
  for (const entry of content.entries(state)) extractor.add(entry);
  // What follows the cursor is read again later: the cursor keeps the state before it.
  const stateAtCursor = copyOfState(state);
  for (const entry of content.entriesAfterCursor(state)) extractor.add(entry);
  const { identity, sizeBytes, modifiedAtMs, fromBytes, toBytes, tailHash } = content;
  const batch: TranscriptBatch = {
    path,
    client: agent.name,
    sessionId: place.sessionId,
    identity,
    sizeBytes,
    modifiedAtMs,
    expectedCursorBytes: storedBytes,
    fromBytes,
    toBytes,
    tailHash,
    state: stateAtCursor,
    extraction: extractor.extraction,
  };
  const { partCount, hasMore, firstLines } = content;
  return { batch, next: cursorAfter(batch), lineCount: partCount, hasMore, firstLines };
}

function readMetadata(source: AgentSource, path: string, state: ThreadState): AgentMetadata {
  const companions = source.companionPaths?.(path) ?? [];
  const texts = companions.map((companion) => readHeadOrNull(companion, COMPANION_BYTES));
  return source.readCompanions?.(texts, (state.fold ??= {})) ?? NO_METADATA;
}

/** A copy, because the extractor changes the state it is given and the cursor has to keep its own. */
function copyOfState(state: ThreadState): ThreadState {
  const { bornSessionIds, inlineThreads, trace, fold, ...rest } = state;
  const copy: ThreadState = {
    ...rest,
    bornSessionIds: [...bornSessionIds],
    inlineThreads: [...inlineThreads],
    // A state spooled by an older version has no trace.
    trace: copyOfTrace(trace ?? initialTrace()),
  };
  // Most agents carry nothing on, and then nothing is stored.
  for (const _name in fold) return { ...copy, fold: structuredClone(fold) };
  return copy;
}

/** Where reading continues after a batch. */
export function cursorAfter(batch: TranscriptBatch): TranscriptCursor {
  return {
    path: batch.path,
    sessionId: batch.sessionId,
    identity: batch.identity,
    sizeBytes: batch.sizeBytes,
    modifiedAtMs: batch.modifiedAtMs,
    cursorBytes: batch.toBytes,
    tailHash: batch.tailHash,
    state: batch.state,
  };
}
