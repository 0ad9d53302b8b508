import type { RecordSource } from './cost-record.ts';

/**
 * A record as exports and streams show it: the columns in camelCase, with the project's folder. Costs that
 * a double can't hold are texts. No interface: filters read its fields by their names.
 */
export type RecordJson = {
  /** Order of arrival. */
  seq: number;
  id: string;
  messageId: string | null;
  source: RecordSource;
  occurredAtMs: number;
  sessionId: string;
  promptId: string | null;
  agentId: string | null;
  agentType: string | null;
  parentAgentId: string | null;
  taskType: string;
  client: string;
  clientVersion: string | null;
  model: string;
  modelRaw: string;
  modelClass: string | null;
  provider: string | null;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWrite5mTokens: number;
  cacheWrite1hTokens: number;
  webSearchRequests: number;
  serviceTier: string | null;
  speed: string | null;
  inferenceGeo: string | null;
  costNanoUsd: number | string | null;
  costUsd: number | null;
  inputCostNanoUsd: number | string | null;
  outputCostNanoUsd: number | string | null;
  cacheReadCostNanoUsd: number | string | null;
  cacheWriteCostNanoUsd: number | string | null;
  webSearchCostNanoUsd: number | string | null;
  priceId: string | null;
  priceBasis: string;
  priceDated: string | null;
  isOutputFinal: boolean;
  toolName: string | null;
  hookEventId: number | null;
  traceId: string | null;
  cwd: string | null;
  projectId: number | null;
  project: string | null;
  gitBranch: string | null;
  metadata: Record<string, unknown> | null;
  payloadJson: string | null;
};

/** A few dozen columns, asked for once a row of perhaps millions. */
const camelCased = new Map<string, string>();

function camelCase(column: string): string {
  let name = camelCased.get(column);
  if (name === undefined) {
    name = column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    camelCased.set(column, name);
  }
  return name;
}

/** Columns that are about merging alone. Passed over: an object that a field is deleted from is slow from there on. */
const INNER = new Set(['claim_flags', 'described_at_ms']);

/** A row of `cost_records` (with `project`) as JSON shows it. */
export function recordJson(row: Record<string, unknown>): RecordJson {
  const json: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (!INNER.has(name)) json[camelCase(name)] = value;
  }
  const cost = row['cost_nano_usd'] as number | string | null;
  json['costUsd'] = cost === null ? null : Number(cost) / 1e9;
  json['isOutputFinal'] = row['is_output_final'] === 1;
  if (typeof row['metadata'] === 'string') json['metadata'] = JSON.parse(row['metadata']);
  return json as unknown as RecordJson;
}

/** The fields of every record, in their order. @param columns those of the row */
export function recordFields(columns: string[]): (keyof RecordJson)[] {
  const record = recordJson(Object.fromEntries(columns.map((name) => [name, null])));
  return Object.keys(record) as (keyof RecordJson)[];
}
