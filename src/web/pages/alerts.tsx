import { useRef } from 'react';
import { ALERTS_PATH, useAcknowledge } from '../api/alerts.ts';
import type { Alerts } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { useUrlState } from '../state/store.ts';
import { ViewLink } from '../ui/link.tsx';
import { Pager } from '../ui/pager.tsx';
import { Panel } from '../ui/panel.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { AlertItem } from './alert-item.tsx';

const PAGE_SIZE = 50;

export default function AlertsPage() {
  const { view, navigate } = useUrlState();
  const listed = useApi<Alerts>(ALERTS_PATH, { page: view.at, pageSize: PAGE_SIZE });
  const seen = useAcknowledge();
  const list = useRef<HTMLUListElement>(null);
  const open = listed.data?.open ?? 0;
  /** The pressed button disappears, so the focus moves to the next button, or to the list. */
  const see = (numbers: number[] | 'all', pressed: HTMLElement): void => {
    if (seen.isPending) return;
    const hadFocus = document.activeElement === pressed;
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const next = buttons[buttons.indexOf(pressed as HTMLButtonElement) + 1];
    const target = numbers === 'all' || next === undefined ? list.current : next;
    seen.mutate(numbers, { onSuccess: () => (hadFocus ? target?.focus() : undefined) });
  };
  return (
    <Panel
      title="All alerts"
      note={open === 0 ? 'newest first' : `newest first, ${open} not seen yet`}
      aside={
        open < 2 ? null : (
          <button
            type="button"
            className="button"
            onClick={({ currentTarget }) => see('all', currentTarget)}
          >
            Mark all as seen
          </button>
        )
      }
    >
      <p className="only-read" role="status">
        {formatAcknowledged(seen.data?.acknowledged)}
      </p>
      {seen.error === null ? null : (
        <p className="form-error" role="alert">
          {seen.error.message}
        </p>
      )}
      <Loaded of={listed}>
        {({ alerts, total }) =>
          total === 0 ? (
            <Empty title="No alerts yet">
              <p>
                A budget raises an alert when it is nearly spent:{' '}
                <ViewLink to={{ page: 'budgets' }}>set a budget</ViewLink>. Days, sessions and
                requests that cost far more than usual also raise alerts.
              </p>
            </Empty>
          ) : (
            <>
              <ul className="alerts" ref={list} tabIndex={-1} aria-label="Alerts">
                {alerts.map((alert) => (
                  <AlertItem
                    key={alert.number}
                    alert={alert}
                    onSeen={(pressed) => see([alert.number], pressed)}
                  />
                ))}
              </ul>
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
  );
}

function formatAcknowledged(acknowledged: number[] | undefined): string {
  if (acknowledged === undefined) return '';
  if (acknowledged.length === 0) return 'All alerts were already marked as seen';
  return acknowledged.length === 1
    ? `Alert ${acknowledged[0]} is marked as seen`
    : `${acknowledged.length} alerts are marked as seen`;
}
