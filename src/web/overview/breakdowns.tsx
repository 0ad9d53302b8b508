import { Suspense, lazy } from 'react';
import type { Summary } from '../api/types.ts';
import { filterQuery } from '../api/filter-query.ts';
import { useApi } from '../api/use-api.ts';
import type { Slice } from '../charts/bars-chart.tsx';
import { MAX_SERIES, seriesColour } from '../charts/palette.ts';
import { inputTokens, formatLabel, measured, getGroupValue } from '../dimensions.ts';
import { short, formatCost, whole } from '../format.ts';
import { useUrlState } from '../state/store.ts';
import type { Grouping } from '../state/grouping-labels.ts';
import type { Measure } from '../state/view.ts';
import { GroupTable } from '../ui/group-table.tsx';
import { Panel } from '../ui/panel.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { NothingHere } from './nothing-here.tsx';

const BarsChart = lazy(() => import('../charts/bars-chart.tsx'));
const DonutChart = lazy(() => import('../charts/donut-chart.tsx'));

/** Bars by agent and a ring by model. Spend over time sets their measure and whether they are tables. */
export function Breakdowns() {
  return (
    <div className="pair">
      <Breakdown by="agent-type" title="By agent" Chart={BarsChart} />
      <Breakdown by="model" title="By model" Chart={DonutChart} />
    </div>
  );
}

function Breakdown({ by, title, Chart }: { by: Grouping; title: string; Chart: typeof BarsChart }) {
  const { view } = useUrlState();
  const summary = useApi<Summary>('/api/costs/summary', { ...filterQuery(view), groupBy: by });
  return (
    <Panel title={title}>
      <Loaded of={summary} waiting={<Skeleton lines={5} />}>
        {({ groups }) => {
          if (groups.length === 0) return <NothingHere />;
          if (view.isTable) return <GroupTable by={by} groups={groups} label={title} />;
          return (
            <Suspense fallback={<Skeleton lines={5} />}>
              <Chart slices={buildSlices(groups, by, view.measure)} measure={view.measure} />
            </Suspense>
          );
        }}
      </Loaded>
    </Panel>
  );
}

/** One slice for each of the largest groups, and one for the sum of the others. */
function buildSlices(groups: Summary['groups'], by: Grouping, measure: Measure): Slice[] {
  const all = groups
    .map((group) => ({ group, value: measured(group, measure) }))
    .sort((a, b) => b.value - a.value);
  const own = all.length > MAX_SERIES + 1 ? all.slice(0, MAX_SERIES) : all;
  const slices = own.map(({ group, value }, index): Slice => {
    const groupValue = getGroupValue(group, by);
    return {
      name: groupValue === undefined ? 'others' : formatLabel(by, groupValue),
      value,
      colour: seriesColour(index),
      more: [
        ['Cost', formatCost(group.costUsd)],
        ['Requests', whole(group.requests)],
        ['Input', short(inputTokens(group))],
        ['Output', short(Number(group.outputTokens))],
      ],
    };
  });
  const rest = all.slice(own.length);
  if (rest.length > 0) {
    const value = rest.reduce((sum, one) => sum + one.value, 0);
    const cost = rest.reduce((sum, { group }) => sum + group.costUsd, 0);
    slices.push({
      name: `${rest.length} others`,
      value,
      colour: seriesColour(MAX_SERIES),
      more: [['Cost', formatCost(cost)]],
    });
  }
  return slices;
}
