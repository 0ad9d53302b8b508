import type { Alerts } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { moment, shortId, when } from '../format.ts';
import { useView } from '../state/store.ts';
import { ViewLink } from '../ui/link.tsx';
import { Pager } from '../ui/pager.tsx';
import { Panel } from '../ui/panel.tsx';
import { Empty, Loaded } from '../ui/states.tsx';

const KINDS = { budget: 'Budget', anomaly: 'Unusual', velocity: 'Fast spending' } as const;
const PAGE_SIZE = 50;

export default function AlertsPage() {
  const { view, go } = useView();
  const asked = useApi<Alerts>('/api/costs/alerts', { page: view.at, pageSize: PAGE_SIZE });
  return (
    <>
      <Panel title="What there was" note="the newest first">
        <Loaded of={asked}>
          {({ alerts, total }) =>
            total === 0 ? (
              <Empty title="Nothing has been worth an alert">
                <p>
                  A budget tells when it is nearly spent:{' '}
                  <ViewLink to={{ page: 'budgets' }}>set one</ViewLink>. Days, sessions and requests
                  that cost far more than usual are told too.
                </p>
              </Empty>
            ) : (
              <>
                <ul className="alerts">
                  {alerts.map((alert) => (
                    <li key={alert.number}>
                      <span className={`tag tag-${alert.level}`}>{alert.level}</span>
                      <div>
                        <p className="alert-reason">{alert.reason}</p>
                        <p className="note">
                          {KINDS[alert.kind]},{' '}
                          <time title={moment(alert.at)}>{when(alert.at)}</time>
                          {alert.sessionId === null ? null : (
                            <>
                              {', session '}
                              <ViewLink to={{ page: 'session', sessionId: alert.sessionId }}>
                                {shortId(alert.sessionId)}
                              </ViewLink>
                            </>
                          )}
                          {alert.acknowledgedAt === null ? '' : ', seen'}
                        </p>
                      </div>
                    </li>
                  ))}
                </ul>
                <Pager at={view.at} pageSize={PAGE_SIZE} total={total} onGo={(at) => go({ at })} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}
