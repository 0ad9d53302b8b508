import { LazyStatement } from './lazy-statement.ts';
import { ADDED_SUMS, MEASURES, type MeasureName } from './measures.ts';
import type { Ledger } from './open.ts';

/** Roll-up dimensions and the column of a row's key; a missing key is the empty text. */
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
const groups = 'project_id, model, provider, model_class, agent_type, tool_name, client, task_type';
const parameters = MEASURES.map(() => '?').join(', ');
const additions = MEASURES.map((name) => `${name} = ${name} + excluded.${name}`).join(', ');

type GroupedRow = Record<MeasureName, number> & {
  quarter_ms: number;
  session_id: string;
  first_at_ms: number;
  last_at_ms: number;
  [group: string]: string | number | null;
};

/** Sums to add to one bucket, in the order of `MEASURES`. */
type Addition = number[];

/** Brings roll-ups up to the rows; runs inside the transaction that wrote them. */
export class RollupWriter {
  readonly #selectPending: LazyStatement<[], GroupedRow>;
  readonly #clearPending: LazyStatement<[]>;
  readonly #addRollup: LazyStatement<(string | number)[]>;
  readonly #addSession: LazyStatement<(string | number)[]>;

  constructor(db: Ledger) {
    this.#selectPending = new LazyStatement(
      db,
      `SELECT occurred_at_ms - occurred_at_ms % ${QUARTER_HOUR_MS} AS quarter_ms, session_id,
         min(occurred_at_ms) AS first_at_ms, max(occurred_at_ms) AS last_at_ms, ${groups}, ${ADDED_SUMS}
       FROM rollup_pending GROUP BY quarter_ms, session_id, ${groups}`,
    );
    this.#clearPending = new LazyStatement(db, 'DELETE FROM rollup_pending');
    this.#addRollup = new LazyStatement(
      db,
      `INSERT INTO rollups (dimension, grain, bucket_ms, key, ${names}) VALUES (?, ?, ?, ?, ${parameters})
       ON CONFLICT DO UPDATE SET ${additions}`,
    );
    this.#addSession = new LazyStatement(
      db,
      `INSERT INTO sessions (session_id, first_at_ms, last_at_ms, ${names}) VALUES (?, ?, ?, ${parameters})
       ON CONFLICT DO UPDATE SET
         first_at_ms = min(coalesce(first_at_ms, excluded.first_at_ms), excluded.first_at_ms),
         last_at_ms = max(coalesce(last_at_ms, excluded.last_at_ms), excluded.last_at_ms), ${additions}`,
    );
  }

  flush(): void {
    const pending = this.#selectPending.all();
    if (pending.length === 0) return;
    // Added up here first: a bucket of a day takes one write, however many rows fall into it.
    const rollups = new Map<string, Addition>();
    for (const row of pending) this.#spread(row, rollups);
    for (const [place, addition] of rollups) {
      const [dimension = '', grain = '', bucket = '', ...key] = place.split('|');
      this.#addRollup.run(dimension, grain, Number(bucket), key.join('|'), ...addition);
    }
    for (const row of pending) {
      const { session_id, first_at_ms, last_at_ms } = row;
      this.#addSession.run(session_id, first_at_ms, last_at_ms, ...measuresOf(row));
    }
    this.#clearPending.run();
  }

  #spread(row: GroupedRow, into: Map<string, Addition>): void {
    const quarter = row.quarter_ms;
    const day = quarter - (quarter % DAY_MS);
    const date = new Date(quarter);
    const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    const measures = measuresOf(row);
    for (const [dimension, column] of Object.entries(ROLLUP_DIMENSIONS)) {
      const key = dimension === 'all' ? '' : (row[column] ?? '');
      add(into, `${dimension}|quarter|${quarter}|${key}`, measures);
      add(into, `${dimension}|day|${day}|${key}`, measures);
      add(into, `${dimension}|month|${month}|${key}`, measures);
    }
    // Project, model and agent type at once: what filters on more than one of them read.
    const key = JSON.stringify([row['project_id'], row['model'], row['agent_type']]);
    add(into, `project-model-agent|day|${day}|${key}`, measures);
  }
}

function measuresOf(row: GroupedRow): Addition {
  return MEASURES.map((name) => row[name]);
}

function add(into: Map<string, Addition>, place: string, measures: Addition): void {
  const known = into.get(place);
  if (known === undefined) into.set(place, [...measures]);
  else measures.forEach((value, index) => (known[index] = (known[index] ?? 0) + value));
}
