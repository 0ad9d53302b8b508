import type { MissReason } from '../../core/attribution/cache-miss.ts';
import type { AttributionReader } from '../../store/attribution/reader.ts';
import type { RecordFilter } from '../../store/reader.ts';
import { type ContextTokens, contextTokens, walkShares } from './explain.ts';

/** One request of a session, with the composition of its context. */
export interface TimelineRequest extends ContextTokens {
  requestId: string;
  occurredAt: string;
  model: string;
  /** Null: the main thread. */
  agentId: string | null;
  promptId: string | null;
  costNanoUsd: number | null;
  outputTokens: number;
  cacheMiss: MissReason | null;
}

/** The requests of a session in chronological order. */
export async function sessionTimeline(
  attribution: AttributionReader,
  filter: RecordFilter,
): Promise<TimelineRequest[]> {
  const requests: (TimelineRequest & { seq: number; atMs: number })[] = [];
  await walkShares(attribution, filter, (explained) => {
    const { request, agentId, miss } = explained;
    requests.push({
      seq: request.seq,
      atMs: request.occurredAtMs,
      requestId: request.id,
      occurredAt: new Date(request.occurredAtMs).toISOString(),
      model: request.model,
      agentId: agentId === '' ? null : agentId,
      promptId: request.promptId,
      costNanoUsd: request.costNanoUsd,
      outputTokens: request.outputTokens,
      ...contextTokens(explained),
      cacheMiss: miss?.reason ?? null,
    });
  });
  requests.sort((a, b) => a.atMs - b.atMs || a.seq - b.seq);
  return requests.map(({ seq: _seq, atMs: _atMs, ...request }) => request);
}
