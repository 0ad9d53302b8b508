import type { WorkerPool } from './workers/pool.ts';
import type { Tokens } from './auth/token.ts';
import type { Freshness } from './jobs/freshness.ts';
import type { RecordStream } from './stream.ts';
import type { Metrics } from './metrics.ts';

/** What every part of a running server may use. */
export interface Server {
  version: string;
  host: string;
  /** Path of the ledger it serves. */
  ledger: string;
  /** Known once it listens. */
  port: () => number;
  tokens: Tokens;
  /** Each opens the server once, in the place of the token. */
  onceKeys: Set<string>;
  threads: WorkerPool;
  freshness: Freshness;
  stream: RecordStream;
  metrics: Metrics;
}
