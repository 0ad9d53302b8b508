import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Interval } from '../api/types.ts';
import type { Measure } from '../state/view.ts';
import { axisText, spanText, startText, valueText } from './axes.ts';
import type { Stack, StackRow } from './stack.ts';
import { TooltipBox } from './tooltip.tsx';

/** Spend over time, a bar for each stretch, stacked by group. */
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
    <div className="chart chart-spend">
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={rows}
          margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
          barCategoryGap="18%"
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="start"
            tickFormatter={(start: string) => startText(interval, start, isAcrossDays)}
            tickLine={false}
            axisLine={{ stroke: 'var(--line-strong)' }}
            tick={{ fill: 'var(--quiet)', fontSize: 12 }}
            minTickGap={32}
            tickMargin={8}
          />
          <YAxis
            width={52}
            tickFormatter={(value: number) => axisText(measure, value)}
            tickLine={false}
            axisLine={false}
            tick={{ fill: 'var(--quiet)', fontSize: 12 }}
            tickCount={5}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--hover)' }}
            content={({ active, payload }) => {
              const row = payload?.[0]?.payload as StackRow | undefined;
              if (active !== true || row === undefined) return null;
              const shown = series.filter(({ key }) => Number(row[key] ?? 0) > 0);
              return (
                <TooltipBox
                  title={spanText(interval, row.start)}
                  rows={shown.toReversed().map(({ key, name, colour }) => ({
                    name,
                    colour,
                    value: valueText(measure, Number(row[key] ?? 0)),
                  }))}
                  total={valueText(measure, row.total)}
                />
              );
            }}
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
      </ResponsiveContainer>
    </div>
  );
}

function isOneDay(rows: StackRow[]): boolean {
  const dayOf = (row: StackRow | undefined): string => new Date(row?.start ?? 0).toDateString();
  return dayOf(rows[0]) === dayOf(rows.at(-1));
}
