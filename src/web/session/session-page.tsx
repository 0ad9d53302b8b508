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
import { formatLabel, inputTokens } from '../dimensions.ts';
import { useUrlState } from '../state/store.ts';
import { ViewLink } from '../ui/link.tsx';
import { Panel } from '../ui/panel.tsx';
import { Empty, Loaded, Skeleton } from '../ui/states.tsx';
import { Parts } from './parts.tsx';
import { Misses, Runs } from './runs.tsx';
import { TimelinePanel } from './timeline-panel.tsx';
import { Turns } from './turns.tsx';

/** One session: a timeline of its requests with the size of the context, and its cost breakdown. */
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
        {(document) =>
          document.session === null ? (
            <Panel title="Unknown session">
              <Empty title="The ledger has no requests of this session">
                <p>Its transcript may not have been read yet, or the address may have a typo.</p>
              </Empty>
            </Panel>
          ) : (
            <>
              <Facts document={document} />
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
  document: { session, totals, unattributedCostNanoUsd },
}: {
  document: SessionBreakdown;
}) {
  if (session === null) return null;
  const input = inputTokens(totals);
  const facts: [string, string][] = [
    ['Cost', formatCost(totals.costUsd)],
    ['Requests', whole(totals.requests)],
    ['Input', short(input)],
    ['Output', short(Number(totals.outputTokens))],
    ['Read from cache', input > 0 ? formatShare(Number(totals.cacheReadTokens) / input) : '—'],
    ['Client', formatLabel('client', session.client)],
    ['Project', lastFolder(session.project)],
    ['From', moment(session.firstAt)],
    ['To', moment(session.lastAt)],
  ];
  if (unattributedCostNanoUsd !== undefined && Number(unattributedCostNanoUsd) !== 0) {
    facts.push(['Reported, not in transcripts', usdOfNano(unattributedCostNanoUsd)]);
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
