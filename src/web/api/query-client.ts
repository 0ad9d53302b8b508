import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      refetchOnWindowFocus: true,
      // A refused request would be refused again; a busy server may answer a moment later.
      retry: (count, error) => count < 1 && error instanceof ApiError && error.status >= 500,
      retryDelay: 800,
      networkMode: 'always',
    },
  },
});
