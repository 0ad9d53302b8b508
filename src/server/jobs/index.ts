import { alertSender } from './alert-sender.ts';
import type { BackgroundWork } from './background-work.ts';

const REFRESH_MS = 2000;

/** Reads transcripts while the stream has listeners, so that it also has requests that no hook reported. */
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

/** Everything that `serve` does besides answering requests. To add work, add a line here. */
export const backgroundWork: readonly BackgroundWork[] = [refreshForListeners, alertSender];
