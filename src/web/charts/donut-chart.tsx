import { Cell, Pie, PieChart, Tooltip } from 'recharts';
import { formatShare } from '../format.ts';
import type { Measure } from '../state/view.ts';
import { valueText } from './axes.ts';
import { type Slice, SliceBox } from './bars-chart.tsx';
import { ChartBox, pointing } from './frame.tsx';
import { Swatch } from './tooltip.tsx';

/** Parts of a total as a ring, with the total in the middle and a list of the parts next to it. */
export default function DonutChart({ slices, measure }: { slices: Slice[]; measure: Measure }) {
  const total = slices.reduce((sum, { value }) => sum + value, 0);
  return (
    <div className="donut">
      <ChartBox
        className="chart-donut"
        over={<p className="donut-total">{valueText(measure, total)}</p>}
      >
        <PieChart>
          <Pie
            data={slices}
            dataKey="value"
            nameKey="name"
            innerRadius="68%"
            outerRadius="98%"
            startAngle={90}
            endAngle={-270}
            stroke="var(--surface)"
            strokeWidth={2}
            isAnimationActive={false}
            rootTabIndex={-1}
          >
            {slices.map(({ name, colour }) => (
              <Cell key={name} fill={colour} />
            ))}
          </Pie>
          <Tooltip {...pointing<Slice>((slice) => <SliceBox slice={slice} />)} />
        </PieChart>
      </ChartBox>
      <ul className="key">
        {slices.map(({ name, value, colour }) => (
          <li key={name}>
            <Swatch colour={colour} />
            <span className="key-name">{name}</span>
            <span className="key-value">{valueText(measure, value)}</span>
            <span className="key-share">{total > 0 ? formatShare(value / total) : ''}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
