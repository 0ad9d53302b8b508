import * as z from 'zod';
import { camelCase, RECORD_COLUMNS, type RecordColumn } from '../core/record/record-columns.ts';
import { RECORD_SOURCES } from '../core/record/cost-record.ts';
import type { RecordJson } from '../core/record/record-json.ts';
import { sum, usd } from './parts.ts';

function columnSchema({ type, isNullable, json, about }: RecordColumn): z.ZodType {
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
for (const [column, facts] of Object.entries<RecordColumn>(RECORD_COLUMNS)) {
  if (facts.json === 'hidden') continue;
  shape[camelCase(column)] = column === 'source' ? z.enum(RECORD_SOURCES) : columnSchema(facts);
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
