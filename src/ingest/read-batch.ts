import type { Agent } from '../agents/types.ts';
import type { RecordSource } from '../core/record/cost-record.ts';
import { copyOfTrace, initialTrace } from '../core/attribution/trace.ts';
import { latestArrival } from '../core/extract/line-time.ts';
import { Extractor } from '../core/extract/extractor.ts';
import { type ThreadState, initialThreadState } from '../core/transcript/thread.ts';
import { readTextOrNull } from '../files/read-bounded.ts';
import { type TranscriptChunk, readChunk } from '../sources/transcripts/file.ts';
import type { TranscriptBatch, TranscriptCursor } from '../store/ingest/batch.ts';

/** One or two lines that Claude Code writes for each subagent. */
const METADATA_LIMITS = { maxBytes: 64 * 1024, within: null };

/** A batch, and where reading continues after it. */
export interface ReadBatch {
  batch: TranscriptBatch;
  next: TranscriptCursor;
  lineCount: number;
  hasMore: boolean;
  /** The first lines of the file; empty if it was not read from its start. */
  firstLines: string[];
}

/** They show which program wrote the file. */
const FIRST_LINES = 10;

/**
 * Reads and extracts what is new in one transcript.
 * @param cursor where to continue; null for a file that was never read
 * @param storedBytes the cursor in the ledger (not the spool's); null if there is none
 * @param onError takes the reason if the file exists and can't be read
 * @returns null if there is nothing new, or if it can't be read
 */
export function readBatch(
  agent: Agent,
  path: string,
  cursor: TranscriptCursor | null,
  storedBytes: number | null,
  options: { maxBytes: number; source: RecordSource },
  onError?: (error: unknown) => void,
): ReadBatch | null {
  const chunk = readChunk(path, cursor, options.maxBytes, onError);
  return chunk === null
    ? null
    : extractBatch(agent, path, chunk, cursor, storedBytes, options.source);
}

/** Extracts what a chunk contains. @param cursor that it was read from; null for the start of a new file */
export function extractBatch(
  agent: Agent,
  path: string,
  chunk: TranscriptChunk,
  cursor: TranscriptCursor | null,
  storedBytes: number | null,
  source: RecordSource,
): ReadBatch {
  const place = agent.locateTranscript(path);
  const isSidechain = place.kind === 'sidechain';
  const metadata = agent.parseMetadata(
    isSidechain ? readTextOrNull(agent.metadataPath(path), METADATA_LIMITS) : null,
  );
  const state =
    cursor === null
      ? initialThreadState()
      : chunk.isRestart
        ? initialThreadState((cursor.state.trace?.generation ?? 0) + 1)
        : copyOfState(cursor.state);
  const extractor = new Extractor(
    state,
    {
      client: agent.name,
      kind: place.kind,
      fileSessionId: place.sessionId,
      agentId: place.agentId,
      ...metadata,
      fallbackAtMs: Math.floor(chunk.modifiedAtMs),
      arrivedAtMs: latestArrival(source === 'hook', chunk.modifiedAtMs, Date.now()),
    },
    source,
  );
  const add = (line: string): void => {
    for (const entry of agent.parseLine(line)) extractor.add(entry);
  };
  for (const line of chunk.lines) if (line !== '') add(line);
  // Read again when its newline has come: the cursor keeps the state before it.
  const stateAtCursor = chunk.tail === null ? state : copyOfState(state);
  if (chunk.tail !== null) add(chunk.tail);
  const { identity, sizeBytes, modifiedAtMs, fromBytes, toBytes, tailHash } = chunk;
  const batch: TranscriptBatch = {
    path,
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
  return {
    batch,
    next: cursorAfter(batch),
    lineCount: chunk.lines.length + (chunk.tail === null ? 0 : 1),
    hasMore: chunk.hasMore,
    firstLines: fromBytes === 0 ? chunk.lines.slice(0, FIRST_LINES) : [],
  };
}

/** A copy, because the extractor changes the state it is given and the cursor has to keep its own. */
function copyOfState(state: ThreadState): ThreadState {
  const { bornSessionIds, inlineThreads, trace } = state;
  return {
    ...state,
    bornSessionIds: [...bornSessionIds],
    inlineThreads: [...inlineThreads],
    // A state spooled by an older version has no trace.
    trace: copyOfTrace(trace ?? initialTrace()),
  };
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
