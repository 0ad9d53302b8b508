import { alertSender } from './alert-sender.ts';
import type { BackgroundWork } from './background-work.ts';

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
