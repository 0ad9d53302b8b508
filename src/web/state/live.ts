import type { QueryClient } from '@tanstack/react-query';
import type { RecordJson } from '../../core/record/record-json.ts';
import { isHeavy } from '../api/use-api.ts';
import { useLive } from './live-state.ts';

const MAX_RECORDS = 8;
/** Records that arrive within this time cause only one refresh. */
const GATHER_MS = 300;
/** Answers that read every row are refreshed at most this often. */
const HEAVY_MS = 10_000;
const RECONNECT_MS = 1500;

/** Listens to the server's stream. @param query filters as a query string @returns a function that stops it */
export function listen(client: QueryClient, query: string): () => void {
  let source: EventSource | null = null;
  let isStopped = false;
  let timer: number | undefined;
  let gathering: number | undefined;
  let heavyAt = 0;
  const refresh = (): void => {
    gathering = undefined;
    const now = Date.now();
    const hasHeavy = now - heavyAt > HEAVY_MS;
    if (hasHeavy) heavyAt = now;
    void client.invalidateQueries({ predicate: ({ queryKey }) => hasHeavy || !isHeavy(queryKey) });
  };
  const onRecord = (event: MessageEvent<string>): void => {
    const record = JSON.parse(event.data) as RecordJson;
    useLive.setState(({ records }) => ({ records: [record, ...records].slice(0, MAX_RECORDS) }));
    gathering ??= window.setTimeout(refresh, GATHER_MS);
  };
  const connect = (): void => {
    if (isStopped) return;
    source = new EventSource(`/api/costs/stream${query}`);
    source.addEventListener('record', onRecord);
    source.addEventListener('open', () => {
      // Fetches what was recorded while the connection was lost.
      if (useLive.getState().state === 'lost') void client.invalidateQueries();
      useLive.setState({ state: 'on' });
    });
    source.addEventListener('error', () => {
      useLive.setState({ state: 'lost' });
      // EventSource reconnects after a lost connection, but not after a refusal; here both are retried.
      source?.close();
      timer = window.setTimeout(connect, RECONNECT_MS);
    });
  };
  useLive.setState({ state: 'connecting' });
  connect();
  return () => {
    isStopped = true;
    window.clearTimeout(timer);
    window.clearTimeout(gathering);
    source?.close();
    useLive.setState({ state: 'off' });
  };
}
