/**
 * The columns of `cost_records`: the one list from which row types, INSERT, JSON and the record's schema
 * are made. A test compares it with the ledger's own schema.
 */
export interface RecordColumn {
  /** The column's type in SQLite. */
  type: 'TEXT' | 'INTEGER';
  isNullable: boolean;
  /** How JSON shows the value, if not unchanged; `hidden`: not at all, it is only needed for merging. */
  json?: 'boolean' | 'object' | 'sum' | 'hidden';
  /**
   * Each line of a transcript states it on its own; differing lines of one request merge
   * (`mergeLineFacts`).
   */
  isLineFact?: true;
  /** Not written with the record: SQLite assigns it, or another writer fills it in later. */
  isFilledLater?: true;
}

const TEXT = { type: 'TEXT', isNullable: false } as const;
const TEXT_OR_NULL = { type: 'TEXT', isNullable: true } as const;
const INTEGER = { type: 'INTEGER', isNullable: false } as const;
const INTEGER_OR_NULL = { type: 'INTEGER', isNullable: true } as const;
const LINE_FACT = { ...TEXT_OR_NULL, isLineFact: true } as const;
/** Nano-USD for tokens of one kind; the five sum to the cost. Null if no price is known. */
const PART_COST = {
  ...INTEGER_OR_NULL,
  json: 'sum',
} as const;

export const RECORD_COLUMNS = {
  seq: { ...INTEGER, isFilledLater: true },
  id: TEXT,
  message_id: TEXT_OR_NULL,
  source: TEXT,
  occurred_at_ms: INTEGER,
  described_at_ms: { ...INTEGER, json: 'hidden' },
  session_id: TEXT,
  prompt_id: TEXT_OR_NULL,
  agent_id: TEXT_OR_NULL,
  agent_type: TEXT_OR_NULL,
  parent_agent_id: { ...TEXT_OR_NULL, isFilledLater: true },
  claim_flags: { ...INTEGER, json: 'hidden' },
  task_type: TEXT,
  client: TEXT,
  client_version: LINE_FACT,
  model: TEXT,
  model_raw: TEXT,
  model_class: TEXT_OR_NULL,
  provider: TEXT_OR_NULL,
  input_tokens: INTEGER,
  output_tokens: INTEGER,
  cache_read_tokens: INTEGER,
  cache_write_5m_tokens: INTEGER,
  cache_write_1h_tokens: INTEGER,
  web_search_requests: INTEGER,
  service_tier: TEXT_OR_NULL,
  speed: TEXT_OR_NULL,
  inference_geo: TEXT_OR_NULL,
  cost_nano_usd: { ...INTEGER_OR_NULL, json: 'sum' },
  input_cost_nano_usd: PART_COST,
  output_cost_nano_usd: PART_COST,
  cache_read_cost_nano_usd: PART_COST,
  cache_write_cost_nano_usd: PART_COST,
  web_search_cost_nano_usd: PART_COST,
  price_id: TEXT_OR_NULL,
  price_basis: TEXT,
  price_dated: TEXT_OR_NULL,
  is_output_final: {
    ...INTEGER,
    json: 'boolean',
  },
  tool_name: TEXT_OR_NULL,
  hook_event_id: INTEGER_OR_NULL,
  trace_id: TEXT_OR_NULL,
  cwd: LINE_FACT,
  project_id: INTEGER_OR_NULL,
  git_branch: LINE_FACT,
  metadata: { ...TEXT_OR_NULL, json: 'object' },
  payload_json: { ...TEXT_OR_NULL, isFilledLater: true },
} as const satisfies Record<string, RecordColumn>;

export type RecordColumns = typeof RECORD_COLUMNS;
export type RecordColumnName = keyof RecordColumns;

/** A row of `cost_records` as SQLite gives it. */
export type RecordRow = {
  -readonly [Name in RecordColumnName]:
    | (RecordColumns[Name]['type'] extends 'TEXT' ? string : number)
    | (RecordColumns[Name]['isNullable'] extends true ? null : never);
};

/** The names of the columns whose entry has `property`. */
type NamesWith<Property extends keyof RecordColumn> = {
  [Name in RecordColumnName]: RecordColumns[Name] extends Record<Property, unknown> ? Name : never;
}[RecordColumnName];

/** `git_branch` → `gitBranch` */
export type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** What a single line of a transcript states about the request. */
export type LineFacts = { [Name in NamesWith<'isLineFact'> as CamelCase<Name>]: string | null };

/** The columns that are written with a record. */
export type WrittenColumn = Exclude<RecordColumnName, NamesWith<'isFilledLater'>>;

export function camelCase<Name extends string>(name: Name): CamelCase<Name> {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) =>
    letter.toUpperCase(),
  ) as CamelCase<Name>;
}

const ENTRIES = Object.entries(RECORD_COLUMNS) as [RecordColumnName, RecordColumn][];

export const WRITTEN_COLUMNS = ENTRIES.filter(([, column]) => column.isFilledLater !== true).map(
  ([name]) => name,
) as WrittenColumn[];

/** The columns of line facts with their names in `LineFacts`. */
export const LINE_FACT_COLUMNS = ENTRIES.filter(([, column]) => column.isLineFact === true).map(
  ([name]) => [name, camelCase(name)],
) as [NamesWith<'isLineFact'>, keyof LineFacts][];
