import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      refetchOnWindowFocus: true,
      // What is refused is refused again; a server that is busy may not be in a moment.
      retry: (count, error) => count < 1 && error instanceof ApiError && error.status >= 500,
      retryDelay: 800,
      networkMode: 'always',
    },
  },
});
