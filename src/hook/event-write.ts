import type { EventDraft, TranscriptBatch } from '../store/ingest/batch.ts';
import type { LedgerWrite } from '../store/ingest/writer.ts';
import { payloadRecord } from './payload-record.ts';
import type { HookContext } from './context.ts';

/** Everything to write for an event: the event, what it reports, and what was new in the transcripts. */
export function eventWrite(task: HookContext, batches: TranscriptBatch[]): LedgerWrite {
  const { agent, event, input } = task;
  const { usage, toolResult, toolUseId } = event;
  const facts = { client: agent.name, text: input.text, arrivedAtMs: input.arrivedAtMs };
  return {
    batches,
    event: eventDraft(task),
    payloadRecord: usage === null ? null : payloadRecord(event, usage, facts),
    toolResult: toolResult === null || toolUseId === null ? null : { toolUseId, ...toolResult },
    isSpooled: false,
  };
}

/** Transcript lines that were read after the event was written. */
export function lateWrite(batches: TranscriptBatch[]): LedgerWrite {
  return { batches, event: null, payloadRecord: null, toolResult: null, isSpooled: false };
}

function eventDraft({ agent, event, input }: HookContext): EventDraft {
  const { name, sessionId, agentId, toolName, toolUseId } = event;
  const { arrivedAtMs } = input;
  const durationMs = Date.now() - arrivedAtMs;
  const client = agent.name;
  const key = `${arrivedAtMs}-${process.pid}-${Math.random().toString(36).slice(2)}`;
  return { key, name, client, sessionId, agentId, toolName, toolUseId, arrivedAtMs, durationMs };
}
