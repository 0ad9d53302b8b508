import { useQueryClient } from '@tanstack/react-query';
import { Component, type ReactNode, Suspense, lazy, useEffect } from 'react';
import { queryText } from './api/client.ts';
import { Header } from './header.tsx';
import { Overview } from './overview/overview.tsx';
import { listen } from './state/live.ts';
import { useView } from './state/store.ts';
import type { PageName } from './state/view.ts';
import { Failed, Skeleton } from './ui/states.tsx';

const PAGES: Record<PageName, () => ReactNode> = {
  overview: Overview,
  session: lazy(() => import('./session/session-page.tsx')) as unknown as () => ReactNode,
  budgets: lazy(() => import('./pages/budgets.tsx')) as unknown as () => ReactNode,
  alerts: lazy(() => import('./pages/alerts.tsx')) as unknown as () => ReactNode,
  coverage: lazy(() => import('./pages/coverage.tsx')) as unknown as () => ReactNode,
  prices: lazy(() => import('./pages/prices.tsx')) as unknown as () => ReactNode,
};

const TITLES: Record<PageName, string> = {
  overview: 'Overview',
  session: 'Session',
  budgets: 'Budgets',
  alerts: 'Alerts',
  coverage: 'Coverage',
  prices: 'Prices',
};

export function App() {
  const view = useView((state) => state.view);
  useListening();
  useEffect(() => {
    document.title = `${TITLES[view.page]} · tallyhook`;
  }, [view.page]);
  const Page = PAGES[view.page];
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <Boundary key={view.page}>
          <Suspense fallback={<Skeleton lines={8} />}>
            <Page />
          </Suspense>
        </Boundary>
      </main>
    </>
  );
}

/** The stream is listened to while live is on, with the filters that are set. */
function useListening(): void {
  const client = useQueryClient();
  const isLive = useView(({ view }) => view.isLive);
  const query = useView(({ view }) => queryText(view.filters));
  useEffect(() => (isLive ? listen(client, query) : undefined), [client, isLive, query]);
}

/** A fault of one page leaves the header, and a way to try again. */
class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <Failed error={error} onRetry={() => this.setState({ error: null })} />;
  }
}
