import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ApiError } from './client.ts';

/** Changes what a path lists, and fetches the list again afterwards. */
export function useChange<Wanted, Answer>(
  path: string,
  send: (wanted: Wanted) => Promise<Answer>,
): UseMutationResult<Answer, ApiError, Wanted> {
  const client = useQueryClient();
  return useMutation<Answer, ApiError, Wanted>({
    mutationFn: send,
    onSuccess: () => client.invalidateQueries({ queryKey: [path] }),
  });
}
