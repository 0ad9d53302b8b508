import type { AttributionReader } from '../../store/attribution/reader.ts';
import type { LedgerReader } from '../../store/reader.ts';
import {
  Bill,
  type CacheMiss,
  type ContextTokens,
  type Explained,
  type ExplainedPart,
  contextTokens,
  buildHead,
  toCacheMisses,
  walkShares,
} from './explain.ts';
import type { Report, Sum } from '../report.ts';
import type { SummaryRequest } from '../summary.ts';

/** One request's cost, with each tool call separate. */
export interface RequestExplanation extends Omit<Report, 'groups'> {
  request: ContextTokens & {
    id: string;
    sessionId: string;
    agentId: string | null;
    model: string;
    occurredAt: string;
    costNanoUsd: Sum | null;
    outputTokens: number;
  };
  parts: ExplainedPart[];
  cacheMiss: CacheMiss | null;
}

/** @returns null if the ledger does not contain the request */
export async function explainRequest(
  reader: LedgerReader,
  attribution: AttributionReader,
  summary: SummaryRequest,
  place: { id: string; sessionId: string },
): Promise<RequestExplanation | null> {
  const filter = { ...summary.filter, sessionId: place.sessionId };
  const bill = new Bill(true);
  let result: Explained | null = null;
  const tools = await walkShares(attribution, filter, (explained) => {
    if (explained.request.id !== place.id) return;
    bill.add(explained.shares);
    result = explained;
  });
  const one = result as Explained | null;
  if (one === null) return null;
  const { groups: _, ...head } = await buildHead(reader, { ...summary, filter });
  const { request, agentId } = one;
  return {
    ...head,
    request: {
      id: request.id,
      sessionId: request.sessionId,
      agentId: agentId === '' ? null : agentId,
      model: request.model,
      occurredAt: new Date(request.occurredAtMs).toISOString(),
      costNanoUsd: request.costNanoUsd,
      outputTokens: request.outputTokens,
      ...contextTokens(one),
    },
    parts: bill.parts(tools),
    cacheMiss: toCacheMisses(one)[0] ?? null,
  };
}
