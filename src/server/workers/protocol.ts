import type { RecordJson } from '../../core/record/record-json.ts';
import type { Environment } from '../../sources/machine/paths.ts';
import type { ProblemJson } from '../http/problem.ts';

/** What a thread is started with. */
export interface ThreadStart {
  env: Environment;
  version: string;
}

/** What a thread is asked: a route by its name, or one of its own jobs. */
export type WorkerRequest = { id: number } & (
  | { kind: 'route'; name: string; query: unknown; body: Uint8Array; receivedAtMs: number }
  | { kind: 'refresh' }
  | { kind: 'look' }
  | { kind: 'follow'; isOn: boolean }
  | { kind: 'close' }
);

/** What it says: an answer's text, a problem, or records that are new. */
export type WorkerMessage =
  | { id: number; text: string | null }
  | { id: number; problem: ProblemJson }
  | { records: RecordJson[] };
