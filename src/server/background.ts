import { type Environment } from '../sources/paths.ts';
import { alertSender } from './alert-sender.ts';
import type { Freshness } from './freshness.ts';
import type { RecordStream } from './stream.ts';

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

const REFRESH_MS = 2000;

/** Transcripts are read for those who listen: of hooks that did not run nobody else would tell. */
const refreshForListeners: BackgroundWork = {
  name: 'refresh',
  start: ({ freshness, stream }) => {
    void freshness.refresh();
    const timer = setInterval(() => {
      if (stream.listeners > 0) void freshness.refresh();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  },
};

/** Everything that `serve` does besides answering; more is a line here. */
export const backgroundWork: readonly BackgroundWork[] = [refreshForListeners, alertSender];
