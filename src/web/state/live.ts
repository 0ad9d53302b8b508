import type { QueryClient } from '@tanstack/react-query';
import type { RecordJson } from '../../core/record/record-json.ts';
import { isHeavy } from '../api/use-api.ts';
import { useLive } from './live-state.ts';

const KEPT = 8;
/** Many records at once are one look at the numbers. */
const GATHER_MS = 300;
/** Answers that read every row are not asked for at every record. */
const HEAVY_MS = 10_000;
const AGAIN_MS = 1500;

/** Listens to the server's stream until it is told to stop. @param query filters, as the API takes them */
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
    useLive.setState(({ records }) => ({ records: [record, ...records].slice(0, KEPT) }));
    gathering ??= window.setTimeout(refresh, GATHER_MS);
  };
  const connect = (): void => {
    if (isStopped) return;
    source = new EventSource(`/api/costs/stream${query}`);
    source.addEventListener('record', onRecord);
    source.addEventListener('open', () => {
      // What came while nobody listened.
      if (useLive.getState().state === 'lost') void client.invalidateQueries();
      useLive.setState({ state: 'on' });
    });
    source.addEventListener('error', () => {
      useLive.setState({ state: 'lost' });
      // A refusal ends it for good, a server that is gone does not; both are tried again here.
      source?.close();
      timer = window.setTimeout(connect, AGAIN_MS);
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
