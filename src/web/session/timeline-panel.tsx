import { Suspense, lazy, useMemo } from 'react';
import { printable } from '../../core/lang/printable.ts';
import type { Timeline, TimelineRequest } from '../api/types.ts';
import { Legend } from '../charts/legend.tsx';
import { clockTimeSeconds, formatPlural, shortModelName, short, usdOfNano } from '../format.ts';
import { useUrlState } from '../state/store.ts';
import { Switch } from '../ui/controls.tsx';
import { Panel } from '../ui/panel.tsx';
import { Empty, Skeleton } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { CONTEXT_PARTS, contextRows } from './context-rows.ts';

const ContextChart = lazy(() => import('../charts/context-chart.tsx'));

/** The table lists at most this many requests; the chart has all. */
const LISTED = 200;

export function TimelinePanel({ timeline }: { timeline: Timeline }) {
  const { view, navigate } = useUrlState();
  const rows = useMemo(() => contextRows(timeline.requests), [timeline.requests]);
  return (
    <Panel
      title="Requests and their context"
      note={`${formatPlural(timeline.total, 'request')} in order of time; bars: context sent, line: cost so far`}
      aside={
        <Switch label="Table" isOn={view.isTable} onChange={(isTable) => navigate({ isTable })} />
      }
    >
      {view.isTable ? (
        <RequestTable requests={timeline.requests} />
      ) : rows.every(({ prompt }) => prompt === 0) ? (
        <Empty title="The context of this session is not known">
          <p>No transcript shows it. The Table switch lists the requests.</p>
        </Empty>
      ) : (
        <>
          <Legend
            label="Parts of the context"
            entries={CONTEXT_PARTS.map(({ label: name, ...part }) => ({ name, ...part }))}
          />
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
      <DataTable
        label="Requests"
        isTall
        rows={shown}
        keyOf={({ requestId }) => requestId}
        columns={[
          {
            head: 'Time',
            cell: ({ occurredAt, cacheMiss }) => (
              <>
                {clockTimeSeconds(occurredAt)}
                {cacheMiss === null ? null : (
                  <span className="tag tag-warning">cache lost: {cacheMiss}</span>
                )}
              </>
            ),
          },
          { head: 'Model', cell: ({ model }) => shortModelName(model) },
          {
            head: 'Agent',
            cell: ({ agentId }) => (agentId === null ? 'main' : shortAgent(agentId)),
          },
          { head: 'Context', isNumber: true, cell: ({ promptTokens }) => shortOr(promptTokens) },
          { head: 'New', isNumber: true, cell: ({ enteredTokens }) => shortOr(enteredTokens) },
          { head: 'Output', isNumber: true, cell: ({ outputTokens }) => short(outputTokens) },
          {
            head: 'Cost',
            isNumber: true,
            cell: ({ costNanoUsd: cost }) => (cost === null ? 'unknown' : usdOfNano(cost)),
          },
        ]}
      />
      {requests.length > LISTED ? (
        <p className="note">{`Only the latest ${LISTED} are listed.`}</p>
      ) : null}
    </>
  );
}

function shortOr(count: number | null): string {
  return count === null ? '—' : short(count);
}

function shortAgent(id: string): string {
  return printable(id.length > 10 ? id.slice(0, 8) : id);
}
