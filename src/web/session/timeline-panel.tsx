import { Suspense, lazy, useMemo } from 'react';
import type { Timeline, TimelineRequest } from '../api/types.ts';
import { Swatch } from '../charts/tooltip.tsx';
import { clockTimeSeconds, modelName, short, usdOfNano, whole } from '../format.ts';
import { useView } from '../state/store.ts';
import { Switch } from '../ui/controls.tsx';
import { Panel } from '../ui/panel.tsx';
import { Empty, Skeleton } from '../ui/states.tsx';
import { CONTEXT_PARTS, contextRows } from './context-rows.ts';

const ContextChart = lazy(() => import('../charts/context-chart.tsx'));

/** So many requests are listed; the chart has all. */
const LISTED = 200;

export function TimelinePanel({ timeline }: { timeline: Timeline }) {
  const { view, go } = useView();
  const rows = useMemo(() => contextRows(timeline.requests), [timeline.requests]);
  return (
    <Panel
      title="Requests, and the context that each was sent with"
      note={`${whole(timeline.total)} requests in order of time; a bar is what was sent, the line what it cost so far`}
      aside={<Switch label="Table" isOn={view.isTable} onChange={(isTable) => go({ isTable })} />}
    >
      {view.isTable ? (
        <RequestTable requests={timeline.requests} />
      ) : rows.every(({ prompt }) => prompt === 0) ? (
        <Empty title="No transcript shows this session's context">
          <p>Its requests are in the table.</p>
        </Empty>
      ) : (
        <>
          <ul className="legend" aria-label="Parts of the context">
            {CONTEXT_PARTS.map(({ key, label, colour }) => (
              <li key={key}>
                <span>
                  <Swatch colour={colour} />
                  <span className="legend-name">{label}</span>
                </span>
              </li>
            ))}
          </ul>
          <Suspense fallback={<Skeleton height="chart" />}>
            <ContextChart rows={rows} />
          </Suspense>
        </>
      )}
    </Panel>
  );
}

function RequestTable({ requests }: { requests: TimelineRequest[] }) {
  const shown = requests.slice(-LISTED).toReversed();
  return (
    <>
      <div className="table-frame table-frame-tall" tabIndex={0} role="group" aria-label="Requests">
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Model</th>
              <th scope="col">Agent</th>
              <th scope="col" className="number">
                Context
              </th>
              <th scope="col" className="number">
                New
              </th>
              <th scope="col" className="number">
                Output
              </th>
              <th scope="col" className="number">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.requestId}>
                <th scope="row">
                  {clockTimeSeconds(one.occurredAt)}
                  {one.cacheMiss === null ? null : (
                    <span className="tag tag-warning">cache lost: {one.cacheMiss}</span>
                  )}
                </th>
                <td>{modelName(one.model)}</td>
                <td>{one.agentId === null ? 'main' : shortAgent(one.agentId)}</td>
                <td className="number">
                  {one.promptTokens === null ? '—' : short(one.promptTokens)}
                </td>
                <td className="number">
                  {one.enteredTokens === null ? '—' : short(one.enteredTokens)}
                </td>
                <td className="number">{short(one.outputTokens)}</td>
                <td className="number">
                  {one.costNanoUsd === null ? 'no price' : usdOfNano(one.costNanoUsd)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {requests.length > LISTED ? (
        <p className="note">{`The latest ${LISTED} are listed.`}</p>
      ) : null}
    </>
  );
}

function shortAgent(id: string): string {
  return id.length > 10 ? id.slice(0, 8) : id;
}
