import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ApiError, change } from './client.ts';

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
  const client = useQueryClient();
  return useMutation<Changed, ApiError, WantedBudget>({
    mutationFn: (budget) => change('POST', PATH, budget),
    onSuccess: () => client.invalidateQueries({ queryKey: [PATH] }),
  });
}

export function useRemoveBudget() {
  const client = useQueryClient();
  return useMutation<Changed, ApiError, string>({
    mutationFn: (name) => change('DELETE', `${PATH}/${encodeURIComponent(name)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: [PATH] }),
  });
}
