import type { Coverage } from '../api/types.ts';
import { timeQuery } from '../api/filter-query.ts';
import { useApi } from '../api/use-api.ts';
import {
  coverageOf,
  folderName,
  moment,
  percent,
  shortId,
  usdOfNano,
  when,
  whole,
} from '../format.ts';
import { useView } from '../state/store.ts';
import { ViewLink } from '../ui/link.tsx';
import { Pager } from '../ui/pager.tsx';
import { Panel } from '../ui/panel.tsx';
import { Empty, Loaded } from '../ui/states.tsx';

const PAGE_SIZE = 50;

export default function CoveragePage() {
  const { view, go } = useView();
  const { project } = view.filters;
  const asked = useApi<Coverage>('/api/costs/coverage', {
    ...timeQuery(view),
    project,
    page: view.at,
    pageSize: PAGE_SIZE,
  });
  return (
    <>
      <Panel
        title="The ledger beside the client's own totals"
        note="what the client says it spent and no transcript shows is never given to anybody else"
      >
        <Loaded of={asked}>
          {({ totals, sessions, total }) =>
            total === 0 ? (
              <Empty title="No session in this time">
                <button type="button" className="button" onClick={() => go({ range: 'all' })}>
                  Show all time
                </button>
              </Empty>
            ) : (
              <>
                <dl className="facts">
                  <Fact name="In the ledger" value={usdOfNano(totals.costNanoUsd)} />
                  <Fact name="The client says" value={usdOfNano(totals.clientCostNanoUsd)} />
                  <Fact
                    name="Not in transcripts"
                    value={usdOfNano(totals.unattributedCostNanoUsd)}
                  />
                  <Fact name="Coverage" value={ratioText(totals)} />
                  <Fact
                    name="Without a total of the client's"
                    value={`${whole(totals.silentSessions)} sessions, ${usdOfNano(totals.silentCostNanoUsd)}`}
                  />
                </dl>
                <SessionList sessions={sessions} />
                <Pager at={view.at} pageSize={PAGE_SIZE} total={total} onGo={(at) => go({ at })} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

function ratioText({ costNanoUsd, clientCostNanoUsd }: Coverage['totals']): string {
  const ratio = coverageOf(costNanoUsd, clientCostNanoUsd);
  return ratio === null ? '—' : percent(ratio);
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function SessionList({ sessions }: { sessions: Coverage['sessions'] }) {
  return (
    <div className="table-frame" tabIndex={0} role="group" aria-label="Coverage by session">
      <table>
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col" className="number">
              Ledger
            </th>
            <th scope="col" className="number">
              Client
            </th>
            <th scope="col" className="number">
              Difference
            </th>
            <th scope="col" className="number">
              Coverage
            </th>
            <th scope="col" className="number">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.sessionId}>
              <th scope="row">
                <ViewLink
                  to={{ page: 'session', sessionId: session.sessionId }}
                  className="session-name"
                >
                  {shortId(session.sessionId)}
                </ViewLink>
                <span className="note"> {folderName(session.project)}</span>
              </th>
              <td className="number">{usdOfNano(session.ledgerCostNanoUsd)}</td>
              <td className="number">
                {session.clientCostNanoUsd === null
                  ? 'not told'
                  : usdOfNano(session.clientCostNanoUsd)}
              </td>
              <td className="number">
                {session.unattributedCostNanoUsd === null
                  ? ''
                  : usdOfNano(session.unattributedCostNanoUsd)}
              </td>
              <td className="number">
                {session.coverage === null ? '' : percent(session.coverage)}
              </td>
              <td className="number" title={moment(session.lastAt)}>
                {when(session.lastAt)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
