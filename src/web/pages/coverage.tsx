import { clientTitle } from '../../core/client/names.ts';
import type { CoverageAnswer } from '../api/types.ts';
import { timeQuery } from '../api/filter-query.ts';
import { useApi } from '../api/use-api.ts';
import {
  coverageShare,
  lastFolder,
  moment,
  formatShare,
  shortId,
  usdOfNano,
  when,
  formatPlural,
} from '../format.ts';
import { useUrlState } from '../state/store.ts';
import { ViewLink } from '../ui/link.tsx';
import { Pager } from '../ui/pager.tsx';
import { Panel } from '../ui/panel.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';

const PAGE_SIZE = 50;

export default function CoveragePage() {
  const { view, navigate } = useUrlState();
  const { project, client } = view.filters;
  const report = useApi<CoverageAnswer>('/api/costs/coverage', {
    ...timeQuery(view),
    project,
    client,
    page: view.at,
    pageSize: PAGE_SIZE,
  });
  return (
    <>
      <Panel
        title="The ledger compared with client totals"
        note="spend that a client reports but no transcript contains is in no other total"
      >
        <Loaded of={report}>
          {({ totals, clients, sessions, total }) =>
            total === 0 ? (
              <Empty title="No sessions in this period">
                <button type="button" className="button" onClick={() => navigate({ range: 'all' })}>
                  Show all time
                </button>
              </Empty>
            ) : (
              <>
                <dl className="facts">
                  {totals.sessions === totals.silentSessions ? null : <Compared totals={totals} />}
                  <Fact
                    name="Without a client total"
                    value={`${formatPlural(totals.silentSessions, 'session')}, ${usdOfNano(totals.silentCostNanoUsd)}`}
                  />
                </dl>
                <LimitList clients={clients} />
                <SessionList sessions={sessions} />
                <Pager
                  at={view.at}
                  pageSize={PAGE_SIZE}
                  total={total}
                  onGo={(at) => navigate({ at })}
                />
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

/** The sessions with a client total. */
function Compared({ totals }: Pick<CoverageAnswer, 'totals'>) {
  return (
    <>
      <Fact name="In the ledger" value={usdOfNano(totals.costNanoUsd)} />
      <Fact name="Client total" value={usdOfNano(totals.clientCostNanoUsd)} />
      <Fact name="Not in transcripts" value={usdOfNano(totals.unattributedCostNanoUsd)} />
      <Fact name="Coverage" value={ratioText(totals)} />
    </>
  );
}

function ratioText({ costNanoUsd, clientCostNanoUsd }: CoverageAnswer['totals']): string {
  const ratio = coverageShare(costNanoUsd, clientCostNanoUsd);
  return ratio === null ? '—' : formatShare(ratio);
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Most clients report no totals; what their logs can't show is known by name. */
function LimitList({ clients }: { clients: CoverageAnswer['clients'] }) {
  const limited = clients.filter(({ limits }) => limits.length > 0);
  return limited.map(({ client, sessions, costNanoUsd, limits }) => (
    <details key={client} className="limits">
      <summary>
        {clientTitle(client)} ({formatPlural(sessions, 'session')}, {usdOfNano(costNanoUsd)})
        reports no total. The limits of its log
      </summary>
      <ul>
        {limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
    </details>
  ));
}

function SessionList({ sessions }: { sessions: CoverageAnswer['sessions'] }) {
  return (
    <DataTable
      label="Coverage by session"
      rows={sessions}
      keyOf={({ sessionId }) => sessionId}
      columns={[
        {
          head: 'Session',
          cell: ({ sessionId, project, client }) => (
            <>
              <ViewLink to={{ page: 'session', sessionId }} className="session-name">
                {shortId(sessionId)}
              </ViewLink>
              <span className="note">
                {' '}
                {lastFolder(project)}
                {client === null ? '' : `, ${clientTitle(client)}`}
              </span>
            </>
          ),
        },
        { head: 'Ledger', isNumber: true, cell: (one) => usdOfNano(one.ledgerCostNanoUsd) },
        {
          head: 'Client',
          isNumber: true,
          cell: ({ clientCostNanoUsd: cost }) => (cost === null ? 'none' : usdOfNano(cost)),
        },
        {
          head: 'Difference',
          isNumber: true,
          cell: ({ unattributedCostNanoUsd: cost }) => (cost === null ? '' : usdOfNano(cost)),
        },
        {
          head: 'Coverage',
          isNumber: true,
          cell: ({ coverage }) => (coverage === null ? '' : formatShare(coverage)),
        },
        {
          head: 'Time',
          isNumber: true,
          title: ({ lastAt }) => moment(lastAt),
          cell: ({ lastAt }) => when(lastAt),
        },
      ]}
    />
  );
}
