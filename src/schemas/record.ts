import * as z from 'zod';
import {
  camelCase,
  RECORD_COLUMNS,
  type RecordColumn,
  type RecordColumnName,
} from '../core/record/record-columns.ts';
import { UNKNOWN_AGENT_TYPE } from '../core/record/agent-type.ts';
import { RECORD_SOURCES } from '../core/record/cost-record.ts';
import type { RecordJson } from '../core/record/record-json.ts';
import { sum, time, usd } from './parts.ts';

const PART_COST = 'The cost of tokens of this kind; the five sum to costNanoUsd';

/** What a column's name does not say. */
const ABOUT: Partial<Record<RecordColumnName, string>> = {
  seq: 'Order of arrival in this ledger',
  occurred_at_ms: 'Milliseconds since 1970, UTC',
  agent_id: 'Null: the main thread, or a subagent without an id',
  agent_type: `Null: the main thread, or its compaction. "${UNKNOWN_AGENT_TYPE}": a subagent's, not stated`,
  model: 'Canonical name',
  model_raw: 'As the client reported it',
  cost_nano_usd: 'Null where no price is known, or where the token counts are not',
  input_cost_nano_usd: PART_COST,
  output_cost_nano_usd: PART_COST,
  cache_read_cost_nano_usd: PART_COST,
  cache_write_cost_nano_usd: PART_COST,
  web_search_cost_nano_usd: PART_COST,
  price_dated: 'The date of the price table it comes from',
  is_output_final: 'False: outputTokens is only a lower bound',
  tool_name: 'The first tool that the request called',
  trace_id: "The vendor's request id",
};

function columnSchema({ type, isNullable, json }: RecordColumn, about?: string): z.ZodType {
  const schema = valueSchema(type, json);
  const nullable = isNullable ? schema.nullable() : schema;
  return about === undefined ? nullable : nullable.describe(about);
}

function valueSchema(type: RecordColumn['type'], json: RecordColumn['json']): z.ZodType {
  if (json === 'boolean') return z.boolean();
  if (json === 'object') return z.record(z.string(), z.unknown());
  if (json === 'sum') return sum;
  return type === 'TEXT' ? z.string() : z.int();
}

const shape: Record<string, z.ZodType> = {};
const columns = Object.entries(RECORD_COLUMNS) as [RecordColumnName, RecordColumn][];
for (const [column, facts] of columns) {
  if (facts.json === 'hidden') continue;
  shape[camelCase(column)] =
    column === 'source' ? z.enum(RECORD_SOURCES) : columnSchema(facts, ABOUT[column]);
  if (column === 'occurred_at_ms') shape['occurredAt'] = time;
  if (column === 'cost_nano_usd') shape['costUsd'] = usd.nullable();
  if (column === 'project_id') {
    shape['project'] = z.string().nullable().describe("The project's folder");
  }
}

/**
 * One billed request: a line of `tail --json` and of `export --format ndjson`. Made from the same table as
 * `RecordJson`, so that both have the same fields.
 */
export const record = z
  .looseObject(shape)
  .meta({ id: 'record' }) as unknown as z.ZodType<RecordJson>;

export const recordDocuments = {
  record: {
    title: 'One request: a line of tail --json and export --format ndjson',
    schema: record,
  },
};
