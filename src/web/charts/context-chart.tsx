import { Bar, CartesianGrid, ComposedChart, Line, Tooltip, XAxis, YAxis } from 'recharts';
import { clockTimeSeconds, shortModelName, short, formatCost, usdShort } from '../format.ts';
import { CONTEXT_PARTS, type ContextRow } from '../session/context-rows.ts';
import { ChartBox, GRID, MARGIN, TIME_AXIS, VALUE_AXIS, pointing } from './frame.tsx';
import { TooltipBox } from './tooltip.tsx';

/** The context of each request as a bar, the cost so far as a line. */
export default function ContextChart({ rows }: { rows: ContextRow[] }) {
  return (
    <ChartBox className="chart-spend">
      <ComposedChart data={rows} margin={MARGIN} barCategoryGap="12%">
        <CartesianGrid {...GRID} />
        <XAxis dataKey="index" {...TIME_AXIS} />
        <YAxis
          yAxisId="tokens"
          width={48}
          tickFormatter={(value: number) => short(value)}
          {...VALUE_AXIS}
        />
        <YAxis
          yAxisId="cost"
          orientation="right"
          tickCount={5}
          width={52}
          tickFormatter={(value: number) => usdShort(value)}
          {...VALUE_AXIS}
        />
        <Tooltip {...pointing<ContextRow>((row) => <RowBox row={row} />)} />
        {CONTEXT_PARTS.map(({ key, label, colour }) => (
          <Bar
            key={key}
            yAxisId="tokens"
            dataKey={key}
            name={label}
            stackId="context"
            fill={colour}
            maxBarSize={32}
            isAnimationActive={false}
          />
        ))}
        <Line
          yAxisId="cost"
          dataKey="sumUsd"
          name="Cost so far"
          type="linear"
          stroke="var(--text)"
          strokeWidth={1.5}
          dot={false}
          isAnimationActive={false}
        />
      </ComposedChart>
    </ChartBox>
  );
}

function RowBox({ row }: { row: ContextRow }) {
  const parts = CONTEXT_PARTS.filter(({ key }) => row[key] > 0).map(({ key, label, colour }) => ({
    name: label,
    value: short(row[key]),
    colour,
  }));
  return (
    <TooltipBox
      title={`Request ${row.index}, ${clockTimeSeconds(row.at)}, ${shortModelName(row.model)}`}
      rows={[
        ...parts,
        { name: 'Output', value: short(row.output) },
        { name: 'Cost', value: formatCost(row.costUsd) },
        { name: 'Cost so far', value: formatCost(row.sumUsd) },
        ...(row.agentId === null ? [] : [{ name: 'Subagent', value: row.agentId.slice(0, 10) }]),
        ...(row.cacheMiss === null ? [] : [{ name: 'Cache lost', value: row.cacheMiss }]),
      ]}
    />
  );
}
