import type { SessionBreakdown, SessionExplanation, Timeline } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import {
  lastFolder,
  moment,
  formatShare,
  short,
  shortId,
  formatCost,
  usdOfNano,
  whole,
} from '../format.ts';
import { inputTokens } from '../dimensions.ts';
import { useUrlState } from '../state/store.ts';
import { ViewLink } from '../ui/link.tsx';
import { Panel } from '../ui/panel.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { Parts } from './parts.tsx';
import { Misses, Runs } from './runs.tsx';
import { TimelinePanel } from './timeline-panel.tsx';
import { Turns } from './turns.tsx';

/** One session: its requests on a timeline with the context growing, and its bill. */
export default function SessionPage() {
  const { view } = useUrlState();
  const { sessionId } = view;
  const path = `/api/costs/sessions/${encodeURIComponent(sessionId)}`;
  const breakdown = useApi<SessionBreakdown>(path);
  const timeline = useApi<Timeline>(`${path}/timeline`);
  const explained = useApi<SessionExplanation>(`${path}/explain`);
  return (
    <>
      <div className="page-head">
        <p className="crumb">
          <ViewLink to={{ page: 'overview', sessionId: '' }}>← Overview</ViewLink>
        </p>
        <h1>Session {shortId(sessionId)}</h1>
      </div>
      <Loaded of={breakdown} waiting={<Skeleton lines={3} />}>
        {(found) =>
          found.session === null ? (
            <Panel title="Nothing is known of this session">
              <Empty title="No request of it is in the ledger">
                <p>Its transcript may not have been read yet, or the address has a typing error.</p>
              </Empty>
            </Panel>
          ) : (
            <>
              <Facts found={found} />
              <Loaded of={timeline} waiting={<Skeleton height="chart" />}>
                {(times) => <TimelinePanel timeline={times} />}
              </Loaded>
              <Loaded of={explained} waiting={<Skeleton lines={8} />}>
                {(bill) => (
                  <>
                    <div className="pair">
                      <div className="column">
                        <Turns turns={bill.turns} />
                        <Runs runs={bill.runs} />
                        <Misses misses={bill.cacheMisses} />
                      </div>
                      <Parts bill={bill} />
                    </div>
                  </>
                )}
              </Loaded>
            </>
          )
        }
      </Loaded>
    </>
  );
}

function Facts({
  found: { session, totals, unattributedCostNanoUsd },
}: {
  found: SessionBreakdown;
}) {
  if (session === null) return null;
  const input = inputTokens(totals);
  const facts: [string, string][] = [
    ['Cost', formatCost(totals.costUsd)],
    ['Requests', whole(totals.requests)],
    ['Input', short(input)],
    ['Output', short(Number(totals.outputTokens))],
    ['Read from cache', input > 0 ? formatShare(Number(totals.cacheReadTokens) / input) : '—'],
    ['Project', lastFolder(session.project)],
    ['From', moment(session.firstAt)],
    ['To', moment(session.lastAt)],
  ];
  if (unattributedCostNanoUsd !== undefined && Number(unattributedCostNanoUsd) !== 0) {
    facts.push(['The client says more', usdOfNano(unattributedCostNanoUsd)]);
  }
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
