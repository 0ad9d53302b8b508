import type { MissReason } from '../core/attribute/cache-miss.ts';
import type { AttributionReader } from '../store/attribution-reader.ts';
import type { RecordFilter } from '../store/reader.ts';
import { walkShares } from './explain.ts';

/** One request of a session, with what its context was made of. */
export interface TimelineRequest {
  requestId: string;
  occurredAt: string;
  model: string;
  /** Null: the main thread's. */
  agentId: string | null;
  promptId: string | null;
  costNanoUsd: number | null;
  outputTokens: number;
  /** Its context; nulls where no transcript shows it. */
  promptTokens: number | null;
  carriedTokens: number | null;
  rewrittenTokens: number | null;
  enteredTokens: number | null;
  cacheMiss: MissReason | null;
}

/** The requests of a session in order of time. */
export async function sessionTimeline(
  attribution: AttributionReader,
  filter: RecordFilter,
): Promise<TimelineRequest[]> {
  const found: (TimelineRequest & { seq: number; atMs: number })[] = [];
  await walkShares(attribution, filter, ({ request, agentId, context, miss }) => {
    found.push({
      seq: request.seq,
      atMs: request.occurredAtMs,
      requestId: request.id,
      occurredAt: new Date(request.occurredAtMs).toISOString(),
      model: request.model,
      agentId: agentId === '' ? null : agentId,
      promptId: request.promptId,
      costNanoUsd: request.costNanoUsd,
      outputTokens: request.outputTokens,
      promptTokens: context?.prompt ?? null,
      carriedTokens: context?.carried ?? null,
      rewrittenTokens: context?.rewritten ?? null,
      enteredTokens: context?.entered ?? null,
      cacheMiss: miss?.reason ?? null,
    });
  });
  found.sort((a, b) => a.atMs - b.atMs || a.seq - b.seq);
  return found.map(({ seq: _seq, atMs: _atMs, ...request }) => request);
}
