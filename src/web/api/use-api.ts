import { type UseQueryResult, keepPreviousData, useQuery } from '@tanstack/react-query';
import { useUrlState } from '../state/store.ts';
import { ApiError, type Query, queryText, request } from './client.ts';

const REFRESH_MS = 10_000;
/** Answers that read every row take long, so they are refreshed less often. */
const HEAVY_REFRESH_MS = 30_000;

const HEAVY = ['/api/costs/shares', '/api/costs/cache', '/api/costs/coverage'];

export function isHeavy(key: readonly unknown[]): boolean {
  return HEAVY.includes(String(key[0]));
}

export interface ApiOptions {
  isOff?: boolean;
  /** Fetched only once, as it does not change on its own. */
  isStill?: boolean;
}

/** A document of the REST API, fetched again at an interval while auto-refresh is on. */
export function useApi<Document>(
  path: string,
  query: Query = {},
  { isOff = false, isStill = false }: ApiOptions = {},
): UseQueryResult<Document, ApiError> {
  const isRefreshing = useUrlState(({ view }) => view.isRefreshing);
  const text = queryText(query);
  const key = [path, text];
  const everyMs = isHeavy(key) ? HEAVY_REFRESH_MS : REFRESH_MS;
  return useQuery<Document, ApiError>({
    queryKey: key,
    queryFn: ({ signal }) => request<Document>(path + text, { signal }),
    enabled: !isOff,
    placeholderData: keepPreviousData,
    refetchInterval: isRefreshing && !isStill ? everyMs : false,
  });
}
