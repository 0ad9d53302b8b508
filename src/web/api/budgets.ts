import { change } from './client.ts';
import { useChange } from './use-change.ts';

/** A budget as the form has it; what is left out is as usual. */
export interface WantedBudget {
  name: string;
  limit: string;
  per: string;
  action: string;
  model?: string;
  project?: string;
  agentType?: string;
  tool?: string;
  warn?: number;
  critical?: number;
}

export interface Changed {
  overriddenBy: 'settings' | 'environment' | 'project' | null;
}

const PATH = '/api/costs/budgets';

export function useSetBudget() {
  return useChange<WantedBudget, Changed>(PATH, (budget) => change('POST', PATH, budget));
}

export function useRemoveBudget() {
  return useChange<string, Changed>(PATH, (name) =>
    change('DELETE', `${PATH}/${encodeURIComponent(name)}`),
  );
}
