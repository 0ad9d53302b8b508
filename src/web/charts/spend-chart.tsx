import { Bar, BarChart, CartesianGrid, Tooltip, XAxis, YAxis } from 'recharts';
import type { Interval } from '../api/types.ts';
import type { Measure } from '../state/view.ts';
import { axisText, spanText, startText, valueText } from './axes.ts';
import { ChartBox, GRID, MARGIN, TIME_AXIS, VALUE_AXIS, pointing } from './frame.tsx';
import type { Stack, StackRow } from './stack.ts';
import { TooltipBox } from './tooltip.tsx';

/** Spend over time: one bar per interval, stacked by group. */
export default function SpendChart({
  stack,
  interval,
  measure,
}: {
  stack: Stack;
  interval: Interval | 'minutes';
  measure: Measure;
}) {
  const { series, rows } = stack;
  const isAcrossDays = rows.length > 0 && !isOneDay(rows);
  const top = series.at(-1)?.key;
  return (
    <ChartBox className="chart-spend">
      <BarChart data={rows} margin={MARGIN} barCategoryGap="18%">
        <CartesianGrid {...GRID} />
        <XAxis
          dataKey="start"
          tickFormatter={(start: string) => startText(interval, start, isAcrossDays)}
          {...TIME_AXIS}
        />
        <YAxis
          width={52}
          tickFormatter={(value: number) => axisText(measure, value)}
          tickCount={5}
          {...VALUE_AXIS}
        />
        <Tooltip
          {...pointing<StackRow>((row) => (
            <TooltipBox
              title={spanText(interval, row.start)}
              rows={series
                .filter(({ key }) => Number(row[key] ?? 0) > 0)
                .toReversed()
                .map(({ key, name, colour }) => ({
                  name,
                  colour,
                  value: valueText(measure, Number(row[key] ?? 0)),
                }))}
              total={valueText(measure, row.total)}
            />
          ))}
        />
        {series.map(({ key, name, colour }) => (
          <Bar
            key={key}
            dataKey={key}
            name={name}
            stackId="all"
            fill={colour}
            stroke="var(--surface)"
            strokeWidth={rows.length > 120 ? 0 : 1}
            maxBarSize={48}
            isAnimationActive={false}
            radius={key === top ? [3, 3, 0, 0] : 0}
          />
        ))}
      </BarChart>
    </ChartBox>
  );
}

function isOneDay(rows: StackRow[]): boolean {
  const formatRowDay = (row: StackRow | undefined): string =>
    new Date(row?.start ?? 0).toDateString();
  return formatRowDay(rows[0]) === formatRowDay(rows.at(-1));
}
