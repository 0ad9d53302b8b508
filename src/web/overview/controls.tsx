import { Suspense, lazy, useState } from 'react';
import { queryText } from '../api/client.ts';
import { filterQuery } from '../api/filter-query.ts';
import { formatLabel } from '../dimensions.ts';
import { hasFilters, useUrlState } from '../state/store.ts';
import { FILTERS, FILTER_LABELS } from '../state/filter-labels.ts';
import { RANGES, type Range } from '../state/view.ts';
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

/** The period and the filters. */
export function Controls() {
  const { view, navigate } = useUrlState();
  const [isOpen, setOpen] = useState(false);
  const count = Object.keys(view.filters).length;
  const choose = (range: Range): void => {
    if (range !== 'custom') return navigate({ range });
    const today = localDay(Date.now());
    const from = view.from === '' ? localDay(Date.now() - 6 * 86_400_000) : view.from;
    navigate({ range, from, to: view.to === '' ? today : view.to });
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
  const { view, navigate } = useUrlState();
  const { from, to } = view;
  const isReversed = from !== '' && to !== '' && from > to;
  return (
    <div className="days">
      <Day
        label="First day"
        value={from}
        max={to}
        isWrong={isReversed}
        onChange={(day) => navigate({ from: day })}
      />
      <span aria-hidden="true">–</span>
      <Day
        label="Last day"
        value={to}
        min={from}
        isWrong={isReversed}
        onChange={(day) => navigate({ to: day })}
      />
    </div>
  );
}

function Day({
  label,
  isWrong,
  onChange,
  ...limits
}: {
  label: string;
  value: string;
  min?: string;
  max?: string;
  isWrong: boolean;
  onChange: (day: string) => void;
}) {
  return (
    <label>
      <span className="only-read">{label}</span>
      <input
        type="date"
        {...limits}
        aria-invalid={isWrong}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

function Chips() {
  const { view, navigate } = useUrlState();
  const without = (name: string): typeof view.filters =>
    Object.fromEntries(Object.entries(view.filters).filter(([other]) => other !== name));
  return (
    <ul className="chips" aria-label="Active filters">
      {FILTERS.filter((name) => view.filters[name] !== undefined).map((name) => (
        <li key={name}>
          <button
            type="button"
            className="chip"
            onClick={() => navigate({ filters: without(name) })}
          >
            <span className="chip-name">{FILTER_LABELS[name].name}</span>
            <span className="chip-value">
              {formatLabel(FILTER_LABELS[name].by, view.filters[name] ?? null)}
            </span>
            <span aria-hidden="true">×</span>
            <span className="only-read">Remove this filter</span>
          </button>
        </li>
      ))}
      <li>
        <button type="button" className="chip chip-all" onClick={() => navigate({ filters: {} })}>
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
