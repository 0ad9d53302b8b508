import { QueryClientProvider, useIsFetching, useQueryClient } from '@tanstack/react-query';
import { type ComponentType, Suspense, lazy, useEffect, useLayoutEffect } from 'react';
import { queryText } from './api/client.ts';
import { queryClient } from './api/query-client.ts';
import { OverviewPage } from './overview/overview.tsx';
import { useBusy } from './state/busy.ts';
import { listen } from './state/live.ts';
import { useUrlState } from './state/store.ts';
import type { PageName } from './state/view.ts';
import { Boundary } from './ui/boundary.tsx';
import { Skeleton } from './ui/states.tsx';

const LATER = {
  session: () => import('./session/session-page.tsx'),
  budgets: () => import('./pages/budgets.tsx'),
  alerts: () => import('./pages/alerts.tsx'),
  coverage: () => import('./pages/coverage.tsx'),
  prices: () => import('./pages/prices.tsx'),
};

const PAGES: Record<PageName, ComponentType> = {
  overview: OverviewPage,
  session: lazy(LATER.session),
  budgets: lazy(LATER.budgets),
  alerts: lazy(LATER.alerts),
  coverage: lazy(LATER.coverage),
  prices: lazy(LATER.prices),
};

/** Loads the other pages in advance, so that they also work if the server has stopped by then. */
function preloadPages(): void {
  const all = [
    ...Object.values(LATER),
    () => import('./overview/filter-selects.tsx'),
    () => import('./charts/context-chart.tsx'),
  ];
  for (const load of all) void load().catch(() => undefined);
}

/** The content of the current page, with everything that sends requests to the server. */
export default function Routes() {
  const page = useUrlState(({ view }) => view.page);
  useLayoutEffect(() => void performance.mark('content'), []);
  useEffect(() => {
    const idle = window.requestIdleCallback(preloadPages, { timeout: 2000 });
    return () => window.cancelIdleCallback(idle);
  }, []);
  const Page = PAGES[page];
  return (
    <QueryClientProvider client={queryClient}>
      <LiveUpdates />
      <Boundary key={page}>
        <Suspense fallback={<Skeleton lines={8} />}>
          <Page />
        </Suspense>
      </Boundary>
    </QueryClientProvider>
  );
}

/** Listens to the stream, with the current filters, while live is on. Tells the frame whether requests run. */
function LiveUpdates() {
  const client = useQueryClient();
  const isLive = useUrlState(({ view }) => view.isLive);
  const query = useUrlState(({ view }) => queryText(view.filters));
  useEffect(() => (isLive ? listen(client, query) : undefined), [client, isLive, query]);
  const isBusy = useIsFetching() > 0;
  useEffect(() => useBusy.setState({ isBusy }), [isBusy]);
  useEffect(() => {
    useBusy.setState({ refresh: () => void client.invalidateQueries() });
  }, [client]);
  return null;
}
