/** What roll-ups sum; each measure is a column of `rollups`, `sessions` and `rollup_pending`. */
const MEASURES = {
  requests: '1',
  input_tokens: '@.input_tokens',
  output_tokens: '@.output_tokens',
  cache_read_tokens: '@.cache_read_tokens',
  cache_write_5m_tokens: '@.cache_write_5m_tokens',
  cache_write_1h_tokens: '@.cache_write_1h_tokens',
  web_search_requests: '@.web_search_requests',
  cost_nano_usd: 'coalesce(@.cost_nano_usd, 0)',
  estimated_cost_nano_usd: "iif(@.price_basis = 'fallback', coalesce(@.cost_nano_usd, 0), 0)",
  unpriced_requests: '(@.cost_nano_usd IS NULL)',
  incomplete_requests: '(@.is_output_final = 0)',
};
const measureColumns = Object.keys(MEASURES);

export const measureDefinitions = measureColumns
  .map((name) => `${name} INTEGER NOT NULL DEFAULT 0`)
  .join(', ');

/** Columns that records are grouped by. */
const GROUPS = [
  'session_id',
  'project_id',
  'model',
  'provider',
  'model_class',
  'agent_type',
  'tool_name',
  'client',
  'task_type',
  'git_branch',
];

/** The other columns whose changes have to be booked. */
const COUNTED = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'web_search_requests',
  'cost_nano_usd',
  'price_basis',
  'is_output_final',
];

/**
 * Triggers that book every inserted, deleted or changed record into `rollup_pending`. Frozen, like the
 * schema that uses it.
 */
export function bookingTriggers(): string {
  const booked = ['occurred_at_ms', ...GROUPS, ...COUNTED];
  /** Books one record, or reverses its booking; `row` is NEW or OLD. */
  const book = (row: 'NEW' | 'OLD', sign: '+' | '-'): string => {
    const values = Object.values(MEASURES).map((value) => `${sign}${value.replaceAll('@', row)}`);
    const keys = GROUPS.map((name) => `${row}.${name}`);
    return `INSERT INTO rollup_pending (occurred_at_ms, ${[...GROUPS, ...measureColumns].join(', ')})
    VALUES (${row}.occurred_at_ms, ${[...keys, ...values].join(', ')});`;
  };
  return `
CREATE TRIGGER book_new_record AFTER INSERT ON cost_records BEGIN ${book('NEW', '+')} END;
CREATE TRIGGER book_gone_record AFTER DELETE ON cost_records BEGIN ${book('OLD', '-')} END;
CREATE TRIGGER book_changed_record AFTER UPDATE OF ${booked.join(', ')} ON cost_records
WHEN ${booked.map((name) => `OLD.${name} IS NOT NEW.${name}`).join(' OR ')}
BEGIN ${book('OLD', '-')} ${book('NEW', '+')} END;
`;
}
