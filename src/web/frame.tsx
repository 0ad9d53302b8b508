import type { ReactNode } from 'react';
import { Header } from './header.tsx';
import { Controls } from './overview/controls.tsx';
import { useUrlState } from './state/store.ts';
import { PAGE_TITLES, TIMED_PAGES } from './state/view.ts';

/**
 * The frame of every page: navigation, period, and live state. The build renders it into `index.html`, so that
 * it is shown before React has loaded; until then `boot.ts` queues events.
 */
export function Frame({ children }: { children: ReactNode }) {
  const page = useUrlState(({ view }) => view.page);
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        {page === 'session' ? null : (
          <h1 className={page === 'overview' ? 'only-read' : 'page-title'}>{PAGE_TITLES[page]}</h1>
        )}
        {TIMED_PAGES.includes(page) ? <Controls /> : null}
        {children}
      </main>
    </>
  );
}
