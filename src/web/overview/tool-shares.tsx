import type { Shares } from '../api/types.ts';
import { filterQuery } from '../api/filter-query.ts';
import { useApi } from '../api/use-api.ts';
import { Legend } from '../charts/legend.tsx';
import { formatShare, formatCost } from '../format.ts';
import { useUrlState } from '../state/store.ts';
import { Panel } from '../ui/panel.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { NothingHere } from './nothing-here.tsx';
import { COLUMNS, type CauseRow, toCauseRows } from './causes.ts';

/** Where the money went: what the calls of each tool, their results, and re-sending these results cost. */
export function ToolShares() {
  const { view } = useUrlState();
  const shares = useApi<Shares>('/api/costs/shares', {
    ...filterQuery(view),
    groupBy: 'cause,tool,part',
  });
  return (
    <Panel
      title="Where the money went"
      note="by tool, and by what else is in the context; the parts add up to the total"
    >
      <Loaded of={shares} waiting={<Skeleton lines={6} />}>
        {({ groups }) => {
          const rows = toCauseRows(groups);
          return rows.length === 0 ? <NothingHere /> : <CauseTable rows={rows} />;
        }}
      </Loaded>
    </Panel>
  );
}

function CauseTable({ rows }: { rows: CauseRow[] }) {
  const total = rows.reduce((sum, row) => sum + row.cost, 0);
  const max = Math.max(...rows.map(({ cost }) => cost));
  return (
    <>
      <Legend
        label="Parts"
        entries={COLUMNS.map(({ name, label, colour, meaning }) => ({
          key: name,
          name: label,
          colour,
          note: meaning,
        }))}
      />
      <DataTable
        label="Where the money went"
        className="causes"
        rows={rows}
        keyOf={({ id }) => id}
        columns={[
          {
            head: 'Cause',
            cell: ({ name, isTool, note }) => (
              <>
                {name}
                {isTool ? null : <span className="note"> {note}</span>}
              </>
            ),
          },
          {
            id: 'parts',
            head: <span className="only-read">Parts</span>,
            tone: 'causes-bar',
            cell: (row) => <PartsBar row={row} max={max} />,
          },
          ...COLUMNS.map(({ name, label }) => ({
            head: label,
            isNumber: true,
            tone: 'part quiet',
            headTone: 'part',
            cell: (row: CauseRow) => (row[name] === 0 ? '' : formatCost(row[name])),
          })),
          { head: 'Cost', isNumber: true, cell: ({ cost }) => formatCost(cost) },
          {
            head: 'Share',
            isNumber: true,
            cell: ({ cost }) => (total > 0 ? formatShare(cost / total) : ''),
          },
        ]}
      />
    </>
  );
}

function PartsBar({ row, max }: { row: CauseRow; max: number }) {
  let x = 0;
  return (
    <svg className="parts-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      {COLUMNS.map(({ name, colour }) => {
        const width = max > 0 ? (Math.max(0, row[name]) / max) * 100 : 0;
        const from = x;
        x += width;
        return <rect key={name} x={from} width={width} height="10" fill={colour} />;
      })}
    </svg>
  );
}
