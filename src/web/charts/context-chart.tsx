import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { clockTimeSeconds, modelName, short, usd, usdShort } from '../format.ts';
import { CONTEXT_PARTS, type ContextRow } from '../session/context-rows.ts';
import { TooltipBox } from './tooltip.tsx';

const TICK = { fill: 'var(--quiet)', fontSize: 12 };

/** The context of each request as a bar, the cost so far as a line. */
export default function ContextChart({ rows }: { rows: ContextRow[] }) {
  return (
    <div className="chart chart-spend">
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart
          data={rows}
          margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
          barCategoryGap="12%"
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="index"
            tickLine={false}
            axisLine={{ stroke: 'var(--line-strong)' }}
            tick={TICK}
            minTickGap={32}
            tickMargin={8}
          />
          <YAxis
            yAxisId="tokens"
            width={48}
            tickFormatter={(value: number) => short(value)}
            tickLine={false}
            axisLine={false}
            tick={TICK}
          />
          <YAxis
            yAxisId="cost"
            orientation="right"
            tickCount={5}
            width={52}
            tickFormatter={(value: number) => usdShort(value)}
            tickLine={false}
            axisLine={false}
            tick={TICK}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--hover)' }}
            content={({ active, payload }) => {
              const row = payload?.[0]?.payload as ContextRow | undefined;
              return active === true && row !== undefined ? <RowBox row={row} /> : null;
            }}
          />
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
      </ResponsiveContainer>
    </div>
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
      title={`Request ${row.index}, ${clockTimeSeconds(row.at)}, ${modelName(row.model)}`}
      rows={[
        ...parts,
        { name: 'Output', value: short(row.output) },
        { name: 'Cost', value: usd(row.costUsd) },
        { name: 'Cost so far', value: usd(row.sumUsd) },
        ...(row.agentId === null ? [] : [{ name: 'Subagent', value: row.agentId.slice(0, 10) }]),
        ...(row.cacheMiss === null ? [] : [{ name: 'Cache lost', value: row.cacheMiss }]),
      ]}
    />
  );
}
