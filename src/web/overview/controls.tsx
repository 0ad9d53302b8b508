import { Suspense, lazy, useState } from 'react';
import { queryText } from '../api/client.ts';
import { filterQuery } from '../api/filter-query.ts';
import { FILTER_NAMES, labelOf } from '../dimensions.ts';
import { hasFilters, useView } from '../state/store.ts';
import { FILTERS, RANGES, type Range } from '../state/view.ts';
import { Segmented } from '../ui/controls.tsx';
import { Boundary } from '../ui/boundary.tsx';

const FilterSelects = lazy(() => import('./filter-selects.tsx'));

const NAMES: Record<Range, string> = {
  '1h': '1h',
  '24h': '24h',
  '7d': '7d',
  '30d': '30d',
  all: 'All',
  custom: 'Custom',
};

/** The time that is looked at, and the filters. */
export function Controls() {
  const { view, go } = useView();
  const [isOpen, setOpen] = useState(false);
  const count = Object.keys(view.filters).length;
  const choose = (range: Range): void => {
    if (range !== 'custom') return go({ range });
    const today = localDay(Date.now());
    const from = view.from === '' ? localDay(Date.now() - 6 * 86_400_000) : view.from;
    go({ range, from, to: view.to === '' ? today : view.to });
  };
  return (
    <div className="controls">
      <div className="controls-row">
        <Segmented
          label="Time range"
          options={RANGES.map((range) => [range, NAMES[range]] as const)}
          value={view.range}
          onChange={choose}
        />
        {view.range === 'custom' ? <Days /> : null}
        <button
          type="button"
          className="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {count === 0 ? 'Filters' : `Filters (${count})`}
        </button>
        <a
          className="quiet-link"
          href={`/api/costs/summary${queryText({ ...filterQuery(view), groupBy: view.by })}`}
        >
          JSON
        </a>
      </div>
      {isOpen ? (
        <Boundary>
          <Suspense fallback={null}>
            <FilterSelects />
          </Suspense>
        </Boundary>
      ) : null}
      {hasFilters(view) ? <Chips /> : null}
    </div>
  );
}

function Days() {
  const { view, go } = useView();
  const isTurned = view.from !== '' && view.to !== '' && view.from > view.to;
  return (
    <div className="days">
      <label>
        <span className="only-read">First day</span>
        <input
          type="date"
          value={view.from}
          max={view.to}
          aria-invalid={isTurned}
          onChange={(event) => go({ from: event.target.value })}
        />
      </label>
      <span aria-hidden="true">–</span>
      <label>
        <span className="only-read">Last day</span>
        <input
          type="date"
          value={view.to}
          min={view.from}
          aria-invalid={isTurned}
          onChange={(event) => go({ to: event.target.value })}
        />
      </label>
    </div>
  );
}

function Chips() {
  const { view, go } = useView();
  const without = (name: string): typeof view.filters =>
    Object.fromEntries(Object.entries(view.filters).filter(([other]) => other !== name));
  return (
    <ul className="chips" aria-label="Filters that are set">
      {FILTERS.filter((name) => view.filters[name] !== undefined).map((name) => (
        <li key={name}>
          <button type="button" className="chip" onClick={() => go({ filters: without(name) })}>
            <span className="chip-name">{FILTER_NAMES[name].name}</span>
            <span className="chip-value">
              {labelOf(FILTER_NAMES[name].by, view.filters[name] ?? null)}
            </span>
            <span aria-hidden="true">×</span>
            <span className="only-read">Remove this filter</span>
          </button>
        </li>
      ))}
      <li>
        <button type="button" className="chip chip-all" onClick={() => go({ filters: {} })}>
          Clear all
        </button>
      </li>
    </ul>
  );
}

function localDay(atMs: number): string {
  const date = new Date(atMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
