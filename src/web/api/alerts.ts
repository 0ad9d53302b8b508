import { change } from './client.ts';
import { useChange } from './use-change.ts';

export const ALERTS_PATH = '/api/costs/alerts';

/** Marks alerts as seen, by their numbers or all of them. */
export function useAcknowledge() {
  return useChange<number[] | 'all', { acknowledged: number[] }>(ALERTS_PATH, (numbers) =>
    change('POST', `${ALERTS_PATH}/acknowledge`, { numbers }),
  );
}
