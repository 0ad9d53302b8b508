import type { RecordJson } from '../../core/record/record-json.ts';
import type { Environment } from '../../sources/machine/paths.ts';
import type { ProblemJson } from '../http/problem.ts';

/** The `workerData` of a worker. */
export interface ThreadStart {
  env: Environment;
  version: string;
}

/** A message to a worker: a route by its name, or one of the worker's own jobs. */
export type WorkerRequest = { id: number } & (
  | { kind: 'route'; name: string; query: unknown; body: Uint8Array; receivedAtMs: number }
  | { kind: 'refresh' }
  | { kind: 'check' }
  | { kind: 'follow'; isOn: boolean }
  | { kind: 'close' }
);

/** A message from a worker: the text of an answer, a problem, or new records. */
export type WorkerMessage =
  | { id: number; text: string | null }
  | { id: number; problem: ProblemJson }
  | { records: RecordJson[] };
