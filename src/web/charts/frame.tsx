import type { ReactElement, ReactNode } from 'react';
import { ResponsiveContainer } from 'recharts';

// Shared by all charts; as properties, since Recharts identifies its parts by component type.
const TICK = { fill: 'var(--quiet)', fontSize: 12 };

export const GRID = { vertical: false, stroke: 'var(--line)' } as const;

export const TIME_AXIS = {
  tickLine: false,
  axisLine: { stroke: 'var(--line-strong)' },
  tick: TICK,
  minTickGap: 32,
  tickMargin: 8,
} as const;

export const VALUE_AXIS = { tickLine: false, axisLine: false, tick: TICK } as const;

export const MARGIN = { top: 8, right: 0, bottom: 0, left: 0 };

/** As wide as its container, and as high as its style defines. @param over content shown over the chart */
export function ChartBox({
  className,
  over,
  children,
}: {
  className: string;
  over?: ReactNode;
  children: ReactElement;
}) {
  return (
    <div className={`chart ${className}`}>
      <ResponsiveContainer width="100%" height="100%">
        {children}
      </ResponsiveContainer>
      {over}
    </div>
  );
}

/** The properties of a tooltip that shows the datum under the pointer. */
export function pointing<Datum>(show: (datum: Datum) => ReactNode) {
  return {
    isAnimationActive: false,
    cursor: { fill: 'var(--hover)' },
    content: ({
      active,
      payload,
    }: {
      active?: boolean;
      payload?: readonly { payload?: unknown }[];
    }) => {
      const datum = payload?.[0]?.payload as Datum | undefined;
      return active === true && datum !== undefined ? show(datum) : null;
    },
  };
}
