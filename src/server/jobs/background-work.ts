import type { Environment } from '../../sources/machine/paths.ts';
import type { Freshness } from './freshness.ts';
import type { RecordStream } from '../stream.ts';

/** What every kind of background work can use. */
export interface WorkTools {
  env: Environment;
  version: string;
  freshness: Freshness;
  stream: RecordStream;
  /** Writes one line to stderr. */
  warn: (text: string) => void;
}

/** Work that goes on while the server runs. It starts when the server listens. */
export interface BackgroundWork {
  name: string;
  /** @returns a function that ends it: called once when the server shuts down, and awaited for a few seconds */
  start: (tools: WorkTools) => () => Promise<void> | void;
}
