import { cleared, hasFilters, useUrlState } from '../state/store.ts';
import { Empty } from '../ui/states.tsx';

/** Explains why there is nothing to show, and what to do about it. */
export function NothingHere() {
  const { view, navigate } = useUrlState();
  if (hasFilters(view)) {
    return (
      <Empty title="Nothing matches these filters">
        <button type="button" className="button" onClick={() => navigate(cleared())}>
          Clear the filters
        </button>
      </Empty>
    );
  }
  if (view.range !== 'all') {
    return (
      <Empty title="No requests in this period">
        <p>New requests appear here as they are made.</p>
        <button type="button" className="button" onClick={() => navigate({ range: 'all' })}>
          Show all time
        </button>
      </Empty>
    );
  }
  return (
    <Empty title="No requests yet">
      <p>
        Register the hooks with <code>tallyhook init</code> and use your coding agent, or read your
        existing history with <code>tallyhook import</code>. This page then updates automatically.
      </p>
    </Empty>
  );
}
