import { cleared, hasFilters, useUrlState } from '../state/store.ts';
import { Empty } from '../ui/states.tsx';

/** Why there is nothing to see, and what to do about it. */
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
      <Empty title="Nothing was requested in this time">
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
        Register the hook with <code>tallyhook init</code> and use your agent, or read the history
        that you have with <code>tallyhook import</code>. This page fills by itself.
      </p>
    </Empty>
  );
}
