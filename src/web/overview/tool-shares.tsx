import type { Shares } from '../api/types.ts';
import { filterQuery } from '../api/filter-query.ts';
import { useApi } from '../api/use-api.ts';
import { Swatch } from '../charts/tooltip.tsx';
import { percent, usd } from '../format.ts';
import { useView } from '../state/store.ts';
import { Panel } from '../ui/panel.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { NothingHere } from './nothing-here.tsx';
import { COLUMNS, type CauseRow, causesOf } from './causes.ts';

/** Where the money went: of each tool what it cost to be called, to be read, and to be carried since. */
export function ToolShares() {
  const { view } = useView();
  const asked = useApi<Shares>('/api/costs/shares', {
    ...filterQuery(view),
    groupBy: 'cause,tool,part',
  });
  return (
    <Panel
      title="Where the money went"
      note="by tool, and by what else is in the context; the parts sum to the total"
    >
      <Loaded of={asked} waiting={<Skeleton lines={6} />}>
        {({ groups }) => {
          const rows = causesOf(groups);
          return rows.length === 0 ? <NothingHere /> : <CauseTable rows={rows} />;
        }}
      </Loaded>
    </Panel>
  );
}

function CauseTable({ rows }: { rows: CauseRow[] }) {
  const total = rows.reduce((sum, row) => sum + row.cost, 0);
  const most = Math.max(...rows.map(({ cost }) => cost));
  return (
    <>
      <ul className="legend" aria-label="Parts">
        {COLUMNS.map(({ name, label, colour, meaning }) => (
          <li key={name}>
            <span title={meaning}>
              <Swatch colour={colour} />
              <span className="legend-name">{label}</span>
              <span className="note">{meaning}</span>
            </span>
          </li>
        ))}
      </ul>
      <div className="table-frame" tabIndex={0} role="group" aria-label="Where the money went">
        <table className="causes">
          <thead>
            <tr>
              <th scope="col">Cause</th>
              <th scope="col">
                <span className="only-read">Parts</span>
              </th>
              {COLUMNS.map(({ name, label }) => (
                <th key={name} scope="col" className="number part">
                  {label}
                </th>
              ))}
              <th scope="col" className="number">
                Cost
              </th>
              <th scope="col" className="number">
                Share
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  {row.name}
                  {row.isTool ? null : <span className="note"> {row.note}</span>}
                </th>
                <td className="causes-bar">
                  <PartsBar row={row} most={most} />
                </td>
                {COLUMNS.map(({ name }) => (
                  <td key={name} className="number part quiet">
                    {row[name] === 0 ? '' : usd(row[name])}
                  </td>
                ))}
                <td className="number">{usd(row.cost)}</td>
                <td className="number">{total > 0 ? percent(row.cost / total) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function PartsBar({ row, most }: { row: CauseRow; most: number }) {
  let x = 0;
  return (
    <svg className="parts-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      {COLUMNS.map(({ name, colour }) => {
        const width = most > 0 ? (Math.max(0, row[name]) / most) * 100 : 0;
        const from = x;
        x += width;
        return <rect key={name} x={from} width={width} height="10" fill={colour} />;
      })}
    </svg>
  );
}
