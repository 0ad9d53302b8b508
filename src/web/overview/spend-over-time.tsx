import { Suspense, lazy, useMemo } from 'react';
import { spanText, valueText } from '../charts/axes.ts';
import { Legend } from '../charts/legend.tsx';
import { type Series, type Stack, type StackRow, buildStack } from '../charts/stack.ts';
import { FILTER_OF, MEASURE_NAMES } from '../dimensions.ts';
import { useUrlState } from '../state/store.ts';
import { GROUPINGS, GROUPING_LABELS } from '../state/grouping-labels.ts';
import { CHART_MEASURES, type Measure } from '../state/view.ts';
import { Segmented, Select, Switch } from '../ui/controls.tsx';
import { Panel } from '../ui/panel.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { NothingHere } from './nothing-here.tsx';
import { type SpendData, useSpend } from './use-spend.ts';

const SpendChart = lazy(() => import('../charts/spend-chart.tsx'));

const PER: Record<SpendData['interval'], string> = {
  minutes: 'five minutes',
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
};

export function SpendOverTime() {
  const { view, navigate } = useUrlState();
  const spend = useSpend(view);
  return (
    <Panel
      title={`${MEASURE_NAMES[view.measure]} over time`}
      note={
        spend.data &&
        `per ${PER[spend.data.interval]}, by ${GROUPING_LABELS[view.by].name.toLowerCase()}`
      }
      aside={
        <>
          <Select
            label="Group by"
            isLabelled
            value={view.by}
            options={GROUPINGS.map((name) => [name, GROUPING_LABELS[name].name] as const)}
            onChange={(by) => navigate({ by })}
          />
          <Segmented
            label="Measure"
            options={CHART_MEASURES.map((name) => [name, MEASURE_NAMES[name]] as const)}
            value={view.measure}
            onChange={(measure) => navigate({ measure })}
          />
          <Switch label="Table" isOn={view.isTable} onChange={(isTable) => navigate({ isTable })} />
        </>
      }
    >
      <Loaded of={spend} waiting={<Skeleton height="chart" />}>
        {(data) => <Shown spend={data} />}
      </Loaded>
    </Panel>
  );
}

function Shown({ spend }: { spend: SpendData }) {
  const { view } = useUrlState();
  const { points, interval } = spend;
  const stack = useMemo(
    () => buildStack(points, view.by, view.measure),
    [points, view.by, view.measure],
  );
  if (stack.series.length === 0) return <NothingHere />;
  if (view.isTable) return <StackTable stack={stack} interval={interval} measure={view.measure} />;
  return (
    <>
      <Key series={stack.series} />
      <p className="only-read">
        {`${stack.rows.length} bars; the largest is ${valueText(view.measure, Math.max(...stack.rows.map(({ total }) => total)))}. The Table switch shows the numbers.`}
      </p>
      <Suspense fallback={<Skeleton height="chart" />}>
        <SpendChart stack={stack} interval={interval} measure={view.measure} />
      </Suspense>
    </>
  );
}

/** The legend; a click on a group shows only that group. */
function Key({ series }: { series: Series[] }) {
  const { view, navigate } = useUrlState();
  const filter = FILTER_OF[view.by];
  const filterBy = (value: Series['value']): (() => void) | undefined =>
    filter !== undefined && typeof value === 'string' && value !== ''
      ? () => navigate({ filters: { ...view.filters, [filter]: value } })
      : undefined;
  return (
    <Legend
      label="Groups"
      entries={series.map(({ key, name, colour, value, total }) => ({
        key,
        name,
        colour,
        value: valueText(view.measure, total),
        onChoose: filterBy(value),
      }))}
    />
  );
}

function StackTable({
  stack,
  interval,
  measure,
}: {
  stack: Stack;
  interval: SpendData['interval'];
  measure: Measure;
}) {
  const rows = stack.rows.filter(({ total }) => total > 0).toReversed();
  return (
    <DataTable
      label="Numbers over time"
      isTall
      rows={rows}
      keyOf={({ start }) => start}
      columns={[
        { head: 'Time', cell: ({ start }) => spanText(interval, start) },
        ...stack.series.map(({ key, name }) => ({
          id: key,
          head: name,
          isNumber: true,
          cell: (row: StackRow) => {
            const value = Number(row[key] ?? 0);
            return value === 0 ? '' : valueText(measure, value);
          },
        })),
        { head: 'Total', isNumber: true, cell: ({ total }) => valueText(measure, total) },
      ]}
    />
  );
}
