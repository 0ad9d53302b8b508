import { MEASURES } from './measures.ts';
import { LazyStatement } from './lazy-statement.ts';
import type { Ledger } from './open.ts';

/** Roll-up dimensions and the expression for a row's key; a missing key is the empty text. */
export const ROLLUP_DIMENSIONS = {
  all: `''`,
  model: 'model',
  provider: 'provider',
  class: 'model_class',
  project: 'project_id',
  'agent-type': 'agent_type',
  tool: 'tool_name',
  client: 'client',
  task: 'task_type',
} as const;

export const QUARTER_HOUR_MS = 900_000;
const DAY_MS = 86_400_000;

const names = MEASURES.join(', ');
const sums = MEASURES.map((name) => `sum(${name}) AS ${name}`).join(', ');
const additions = MEASURES.map((name) => `${name} = ${name} + excluded.${name}`).join(', ');
const groups = 'project_id, model, provider, model_class, agent_type, tool_name, client, task_type';

const cases = Object.entries(ROLLUP_DIMENSIONS)
  .map(([dimension, key]) => `WHEN '${dimension}' THEN ${key}`)
  .join(' ');
/** UTC day, project, model and agent type at once: what filters on more than one of them read. */
const composite = `json_array(project_id, model, agent_type)`;

/** First by all groups at once, so that the twenty-eight-fold expansion works on few rows. */
const ADD_ROLLUPS = `
WITH grouped AS MATERIALIZED (
  SELECT occurred_at_ms - occurred_at_ms % ${QUARTER_HOUR_MS} AS quarter_ms, ${groups}, ${sums}
  FROM rollup_pending GROUP BY quarter_ms, ${groups}
),
dimensions (dimension) AS (VALUES ${Object.keys(ROLLUP_DIMENSIONS)
  .map((name) => `('${name}')`)
  .join(', ')}),
grains (grain) AS (VALUES ('quarter'), ('day'), ('month')),
expanded AS (
  SELECT dimension, grain,
    CASE grain
      WHEN 'quarter' THEN quarter_ms
      WHEN 'day' THEN quarter_ms - quarter_ms % ${DAY_MS}
      ELSE unixepoch(quarter_ms / 1000, 'unixepoch', 'start of month') * 1000
    END AS bucket_ms,
    coalesce(CASE dimension ${cases} END, '') AS key, ${names}
  FROM grouped CROSS JOIN dimensions CROSS JOIN grains
  UNION ALL
  SELECT 'project-model-agent', 'day', quarter_ms - quarter_ms % ${DAY_MS}, ${composite}, ${names}
  FROM grouped
)
INSERT INTO rollups (dimension, grain, bucket_ms, key, ${names})
SELECT dimension, grain, bucket_ms, key, ${sums} FROM expanded
WHERE true GROUP BY dimension, grain, bucket_ms, key
ON CONFLICT DO UPDATE SET ${additions}`;

const ADD_SESSIONS = `
INSERT INTO sessions (session_id, first_at_ms, last_at_ms, ${names})
SELECT session_id, min(occurred_at_ms), max(occurred_at_ms), ${sums}
FROM rollup_pending GROUP BY session_id HAVING true
ON CONFLICT DO UPDATE SET
  first_at_ms = min(coalesce(first_at_ms, excluded.first_at_ms), excluded.first_at_ms),
  last_at_ms = max(coalesce(last_at_ms, excluded.last_at_ms), excluded.last_at_ms),
  ${additions}`;

/** Brings roll-ups up to the rows; runs inside the transaction that wrote them. */
export class RollupWriter {
  readonly #statements: LazyStatement[];

  constructor(db: Ledger) {
    const sql = [ADD_ROLLUPS, ADD_SESSIONS, 'DELETE FROM rollup_pending'];
    this.#statements = sql.map((text) => new LazyStatement(db, text));
  }

  flush(): void {
    for (const statement of this.#statements) statement.run();
  }
}
