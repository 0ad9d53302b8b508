/** A record as exports and streams show it: the columns in camelCase, with the project's folder. */
export type RecordJson = Record<string, unknown> & {
  seq: number;
  id: string;
  messageId: string | null;
  source: string;
  occurredAtMs: number;
  sessionId: string;
  agentId: string | null;
  agentType: string | null;
  model: string;
  toolName: string | null;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWrite5mTokens: number;
  cacheWrite1hTokens: number;
  costNanoUsd: number | null;
  costUsd: number | null;
  priceBasis: string;
  isOutputFinal: boolean;
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
  return json as RecordJson;
}

/** The fields of every record, in their order. @param columns those of the row */
export function recordFields(columns: string[]): string[] {
  return Object.keys(recordJson(Object.fromEntries(columns.map((name) => [name, null]))));
}
