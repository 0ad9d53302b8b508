import type { acknowledgeBody } from '../../schemas/bodies.ts';
import type { acknowledgedAnswer } from '../../schemas/answers/limits.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import { change } from './client.ts';
import { useChange } from './use-change.ts';

export const ALERTS_PATH = '/api/costs/alerts';

type Numbers = DocumentOf<typeof acknowledgeBody>['numbers'];

/** Acknowledges alerts by their numbers, or all of them. */
export function useAcknowledge() {
  return useChange<Numbers, DocumentOf<typeof acknowledgedAnswer>>(ALERTS_PATH, (numbers) =>
    change('POST', `${ALERTS_PATH}/acknowledge`, { numbers }),
  );
}
