import type { budgetBody } from '../../schemas/bodies.ts';
import type { budgetRemovedAnswer, budgetSetAnswer } from '../../schemas/answers/limits.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import { change } from './client.ts';
import { useChange } from './use-change.ts';

/** A budget as the form submits it; omitted fields get their defaults. */
export type WantedBudget = DocumentOf<typeof budgetBody>;

const PATH = '/api/costs/budgets';

export function useSetBudget() {
  return useChange<WantedBudget, DocumentOf<typeof budgetSetAnswer>>(PATH, (budget) =>
    change('POST', PATH, budget),
  );
}

export function useRemoveBudget() {
  return useChange<string, DocumentOf<typeof budgetRemovedAnswer>>(PATH, (name) =>
    change('DELETE', `${PATH}/${encodeURIComponent(name)}`),
  );
}
