import { Bar, BarChart, Cell, LabelList, Tooltip, XAxis, YAxis } from 'recharts';
import type { Measure } from '../state/view.ts';
import { valueText } from './axes.ts';
import { ChartBox, pointing } from './frame.tsx';
import { TooltipBox } from './tooltip.tsx';

export interface Slice {
  name: string;
  value: number;
  colour: string;
  /** Further facts for the tooltip, as name and value. */
  more: [string, string][];
}

/** Ranked groups as bars, each with its value at its end. */
export default function BarsChart({ slices, measure }: { slices: Slice[]; measure: Measure }) {
  return (
    <ChartBox className={`chart-bars chart-bars-${Math.min(8, slices.length)}`}>
      <BarChart
        layout="vertical"
        data={slices}
        margin={{ top: 0, right: 72, bottom: 0, left: 0 }}
        barCategoryGap="30%"
      >
        <XAxis type="number" domain={[0, 'dataMax']} hide />
        <YAxis
          type="category"
          dataKey="name"
          width={116}
          tickLine={false}
          axisLine={false}
          interval={0}
          tick={{ fill: 'var(--text)', fontSize: 13 }}
          tickFormatter={(name: string) => (name.length > 16 ? `${name.slice(0, 15)}…` : name)}
        />
        <Tooltip {...pointing<Slice>((slice) => <SliceBox slice={slice} />)} />
        <Bar dataKey="value" isAnimationActive={false} radius={[0, 3, 3, 0]} maxBarSize={20}>
          {slices.map(({ name, colour }) => (
            <Cell key={name} fill={colour} />
          ))}
          <LabelList
            dataKey="value"
            position="right"
            offset={8}
            fill="var(--text)"
            fontSize={13}
            formatter={(value) => valueText(measure, Number(value))}
          />
        </Bar>
      </BarChart>
    </ChartBox>
  );
}

export function SliceBox({ slice: { name, more } }: { slice: Slice }) {
  return <TooltipBox title={name} rows={more.map(([name, value]) => ({ name, value }))} />;
}
