import type { Environment } from '../../sources/machine/paths.ts';
import type { Freshness } from './freshness.ts';
import type { RecordStream } from '../stream.ts';

/** What background work is given. */
export interface WorkTools {
  env: Environment;
  version: string;
  freshness: Freshness;
  stream: RecordStream;
  /** One line on stderr. */
  warn: (text: string) => void;
}

/** Work that goes on while the server runs. It starts when the server listens. */
export interface BackgroundWork {
  name: string;
  /** @returns what ends it: called once, when the server drains, and waited for (seconds, at most) */
  start: (tools: WorkTools) => () => Promise<void> | void;
}
