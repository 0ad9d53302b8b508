import { QueryClientProvider } from '@tanstack/react-query';
import { queryClient } from '../api/query-client.ts';
import type { Summary } from '../api/types.ts';
import { timeQuery } from '../api/filter-query.ts';
import { useApi } from '../api/use-api.ts';
import { formatLabel, getGroupValue } from '../dimensions.ts';
import { useUrlState } from '../state/store.ts';
import { FILTERS, FILTER_LABELS, type FilterName } from '../state/filter-labels.ts';
import { Select } from '../ui/controls.tsx';

/** One select for each filter, with the values that occur in the period, most expensive first. */
export default function FilterSelects() {
  return (
    <QueryClientProvider client={queryClient}>
      <div className="filters" role="group" aria-label="Filters">
        {FILTERS.map((name) => (
          <FilterSelect key={name} name={name} />
        ))}
      </div>
    </QueryClientProvider>
  );
}

function FilterSelect({ name }: { name: FilterName }) {
  const { view, navigate } = useUrlState();
  const { by, all, name: label } = FILTER_LABELS[name];
  const { data } = useApi<Summary>('/api/costs/summary', {
    ...timeQuery(view),
    groupBy: by,
    limit: 200,
  });
  const chosen = view.filters[name] ?? '';
  const groupValues = (data?.groups ?? []).flatMap((group) => getGroupValue(group, by) ?? []);
  const values =
    chosen === '' || groupValues.includes(chosen) ? groupValues : [chosen, ...groupValues];
  const choose = (value: string): void => {
    const { [name]: _, ...others } = view.filters;
    navigate({ filters: value === '' ? others : { ...others, [name]: value } });
  };
  return (
    <Select
      label={label}
      isLabelled
      value={chosen}
      options={[['', all], ...values.map((value) => [value, formatLabel(by, value)] as const)]}
      onChange={choose}
    />
  );
}
