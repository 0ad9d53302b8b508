import {
  type CamelCase,
  camelCase,
  RECORD_COLUMNS,
  type RecordColumn,
  type RecordColumnName,
  type RecordColumns,
  type RecordRow,
} from './record-columns.ts';

type ShownColumn = {
  [Name in RecordColumnName]: RecordColumns[Name] extends { json: 'hidden' } ? never : Name;
}[RecordColumnName];

type JsonValue<Name extends RecordColumnName> = RecordColumns[Name] extends { json: 'boolean' }
  ? boolean
  : RecordColumns[Name] extends { json: 'object' }
    ? Record<string, unknown> | null
    : RecordColumns[Name] extends { json: 'sum' }
      ? RecordRow[Name] | string
      : RecordRow[Name];

/**
 * A record as shown by exports and streams: the columns in camelCase, with the project's folder. Costs that
 * a double can't hold are strings.
 */
export type RecordJson = {
  [Name in ShownColumn as CamelCase<Name>]: JsonValue<Name>;
} & { costUsd: number | null; project: string | null; occurredAt: string };

/** Column → name in JSON. A map, because it is looked up for each column of possibly millions of rows. */
const JSON_NAMES = new Map<string, string>([['project', 'project']]);
for (const [column, { json }] of Object.entries<RecordColumn>(RECORD_COLUMNS)) {
  // Skipped rather than deleted later: an object becomes slow once a field is deleted from it.
  if (json !== 'hidden') JSON_NAMES.set(column, camelCase(column));
}

/** A row of `cost_records` (with `project`) as JSON shows it. */
export function recordJson(row: Record<string, unknown>): RecordJson {
  const json: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    const name = JSON_NAMES.get(column);
    if (name !== undefined) json[name] = value;
  }
  const cost = row['cost_nano_usd'] as number | string | null;
  json['costUsd'] = cost === null ? null : Number(cost) / 1e9;
  json['occurredAt'] = new Date(row['occurred_at_ms'] as number).toISOString();
  json['isOutputFinal'] = row['is_output_final'] === 1;
  if (typeof row['metadata'] === 'string') json['metadata'] = JSON.parse(row['metadata']);
  return json as unknown as RecordJson;
}

/** The fields of every record, in order. @param columns those of the row */
export function recordFields(columns: string[]): (keyof RecordJson)[] {
  const empty = recordJson(Object.fromEntries(columns.map((name) => [name, null])));
  return Object.keys(empty) as (keyof RecordJson)[];
}
