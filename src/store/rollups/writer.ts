import { DAY_MS, QUARTER_HOUR_MS } from '../../core/time/units.ts';
import { type Sql, prepared } from '../connection/prepared.ts';
import { ADDED_SUMS, MEASURES, type GroupedRow } from './measures.ts';
import type { Ledger } from '../connection/open.ts';
import { type RollupScope, ScopeReader } from './scopes.ts';

/** Roll-up dimensions, each with the column of its key; a missing key is the empty string. */
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

const names = MEASURES.join(', ');
const groups = 'project_id, model, provider, model_class, agent_type, tool_name, client, task_type';
const parameters = MEASURES.map(() => '?').join(', ');
const additions = MEASURES.map((name) => `${name} = ${name} + excluded.${name}`).join(', ');

/** A bucket, and the sums to add to it in the order of `MEASURES`. */
interface Addition {
  bucket: [dimension: string, grain: string, bucketMs: number, key: string];
  sums: number[];
}

const pendingBy = (by: string): string =>
  `SELECT occurred_at_ms - occurred_at_ms % ${QUARTER_HOUR_MS} AS quarter_ms, session_id,
     min(occurred_at_ms) AS first_at_ms, max(occurred_at_ms) AS last_at_ms,
     sum(requests < 0) AS gone, ${by}, ${ADDED_SUMS}
   FROM rollup_pending GROUP BY quarter_ms, session_id, ${by}`;
const SELECT_PENDING: Sql<[], GroupedRow> = pendingBy(groups);
const SELECT_PENDING_BY_BRANCH: Sql<[], GroupedRow> = pendingBy(`${groups}, git_branch`);
const CLEAR_PENDING: Sql<[]> = 'DELETE FROM rollup_pending';
const ADD_ROLLUP: Sql<(string | number)[]> =
  `INSERT INTO rollups (dimension, grain, bucket_ms, key, ${names}) VALUES (?, ?, ?, ?, ${parameters})
  ON CONFLICT DO UPDATE SET ${additions}`;
const ADD_SESSION: Sql<(string | number | null)[]> =
  `INSERT INTO sessions (session_id, project_id, first_at_ms, last_at_ms, ${names})
  VALUES (?, ?, ?, ?, ${parameters})
  ON CONFLICT DO UPDATE SET
    project_id = iif(project_id IS NULL OR excluded.last_at_ms >= last_at_ms,
      coalesce(excluded.project_id, project_id), project_id),
    first_at_ms = min(coalesce(first_at_ms, excluded.first_at_ms), excluded.first_at_ms),
    last_at_ms = max(coalesce(last_at_ms, excluded.last_at_ms), excluded.last_at_ms), ${additions}`;
const edge = (which: 'min' | 'max'): string =>
  `(SELECT ${which}(occurred_at_ms) FROM cost_records WHERE session_id = @id)`;
const FIND_TIMES: Sql<[{ id: string }]> =
  `UPDATE sessions SET first_at_ms = ${edge('min')}, last_at_ms = ${edge('max')},
    project_id = (SELECT project_id FROM cost_records WHERE session_id = @id
      AND project_id IS NOT NULL ORDER BY occurred_at_ms DESC, seq DESC LIMIT 1)
  WHERE session_id = @id`;

/** Updates the roll-ups from pending bookings; runs inside the transaction that wrote the rows. */
export class RollupWriter {
  readonly #db: Ledger;
  readonly #scopes: ScopeReader;

  constructor(db: Ledger) {
    this.#db = db;
    this.#scopes = new ScopeReader(db);
  }

  flush(): void {
    const scopes = this.#scopes.read();
    // Only scopes need branches: without them there are fewer groups.
    const select = scopes.length > 0 ? SELECT_PENDING_BY_BRANCH : SELECT_PENDING;
    const pending = prepared(this.#db, select).all();
    if (pending.length === 0) return;
    // Summed here first, so that a day's bucket takes one write, however many rows belong to it.
    const additions = new Additions();
    for (const row of pending) this.#spread(row, scopes, additions);
    for (const { bucket, sums } of additions.all())
      prepared(this.#db, ADD_ROLLUP).run(...bucket, ...sums);
    for (const row of pending) {
      const { session_id, first_at_ms, last_at_ms } = row;
      const project = row['project_id'] ?? null;
      prepared(this.#db, ADD_SESSION).run(
        session_id,
        project,
        first_at_ms,
        last_at_ms,
        ...listMeasures(row),
      );
    }
    // A record that was deleted, or moved in time, may have been the first or the last.
    const changed = new Set(pending.filter((row) => row.gone > 0).map((row) => row.session_id));
    for (const id of changed) prepared(this.#db, FIND_TIMES).run({ id });
    prepared(this.#db, CLEAR_PENDING).run();
  }

  #spread(row: GroupedRow, scopes: RollupScope[], into: Additions): void {
    const measures = listMeasures(row);
    const buckets = listBuckets(row.quarter_ms);
    for (const [dimension, column] of Object.entries(ROLLUP_DIMENSIONS)) {
      const key = dimension === 'all' ? '' : String(row[column] ?? '');
      for (const [grain, bucketMs] of buckets)
        into.add([dimension, grain, bucketMs, key], measures);
    }
    // Project, model and agent type together, for filters on more than one of them.
    const key = JSON.stringify([row['project_id'], row['model'], row['agent_type']]);
    const [, day] = buckets;
    if (day !== undefined) into.add(['project-model-agent', ...day, key], measures);
    for (const scope of scopes) {
      if (!scope.holds(row)) continue;
      for (const [grain, bucketMs] of buckets) {
        into.add([scope.dimension, grain, bucketMs, ''], measures);
      }
    }
  }
}

class Additions {
  readonly #byBucket = new Map<string, Addition>();

  add(bucket: Addition['bucket'], measures: number[]): void {
    const id = bucket.join('|');
    const existing = this.#byBucket.get(id);
    if (existing === undefined) this.#byBucket.set(id, { bucket, sums: [...measures] });
    else
      measures.forEach(
        (value, index) => (existing.sums[index] = (existing.sums[index] ?? 0) + value),
      );
  }

  all(): Iterable<Addition> {
    return this.#byBucket.values();
  }
}

function listBuckets(quarterMs: number): [grain: string, bucketMs: number][] {
  const date = new Date(quarterMs);
  return [
    ['quarter', quarterMs],
    ['day', quarterMs - (quarterMs % DAY_MS)],
    ['month', Date.UTC(date.getUTCFullYear(), date.getUTCMonth())],
  ];
}

function listMeasures(row: GroupedRow): number[] {
  return MEASURES.map((name) => row[name]);
}
