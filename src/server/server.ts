import type { WorkerPool } from './workers/pool.ts';
import type { Tokens } from './auth/token.ts';
import type { Freshness } from './jobs/freshness.ts';
import type { RecordStream } from './stream.ts';
import type { Metrics } from './metrics.ts';

/** Everything that the parts of a running server share. */
export interface Server {
  version: string;
  host: string;
  /** Other names that requests may give as Host, as `toHostName` returns them. */
  allowedHosts: string[];
  /** The path of the ledger that is served. */
  ledger: string;
  /** Only known once the server listens. */
  port: () => number;
  tokens: Tokens;
  /** One-time keys: each can be used once instead of the token in the address. */
  onceKeys: Set<string>;
  threads: WorkerPool;
  freshness: Freshness;
  stream: RecordStream;
  metrics: Metrics;
}
