import { Fragment } from 'react';
import { CLAUDE_CODE } from '../../core/client/names.ts';
import { printable } from '../../core/lang/printable.ts';
import type { SessionListItem, Sessions } from '../api/types.ts';
import { filterQuery } from '../api/filter-query.ts';
import { useApi } from '../api/use-api.ts';
import { inputTokens, formatLabel } from '../dimensions.ts';
import {
  lastFolder,
  shortModelName,
  moment,
  short,
  shortId,
  formatCost,
  when,
  whole,
} from '../format.ts';
import { useUrlState } from '../state/store.ts';
import type { Sort } from '../state/view.ts';
import { ViewLink } from '../ui/link.tsx';
import { Pager } from '../ui/pager.tsx';
import { Panel } from '../ui/panel.tsx';
import { SortHead } from '../ui/sort-head.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';
import { TableFrame } from '../ui/table.tsx';
import { NothingHere } from './nothing-here.tsx';
import { SessionDetail } from './session-detail.tsx';

const PAGE_SIZE = 50;

const HEADS: [Sort, string, boolean][] = [
  ['session', 'Session', false],
  ['agent', 'Agent', false],
  ['model', 'Model', false],
  ['input', 'Input', true],
  ['output', 'Output', true],
  ['cost', 'Cost', true],
  ['time', 'Time', true],
];
/** Sorted in ascending order first; the other columns start with the largest value. */
const ASCENDING_FIRST: Sort[] = ['session', 'agent', 'model'];

export function SessionTable() {
  const { view, navigate } = useUrlState();
  const list = useApi<Sessions>('/api/costs/sessions', {
    ...filterQuery(view),
    sort: view.sort,
    order: view.order,
    page: view.at,
    pageSize: PAGE_SIZE,
  });
  const onSort = (sort: Sort): void => {
    const first = ASCENDING_FIRST.includes(sort) ? 'asc' : 'desc';
    const other = view.order === 'asc' ? 'desc' : 'asc';
    navigate({ sort, order: view.sort === sort ? other : first });
  };
  return (
    <Panel
      title="Sessions"
      note={
        list.data &&
        `${whole(list.data.total)} with a request in this period; totals cover the whole session`
      }
    >
      <Loaded of={list} waiting={<Skeleton lines={8} />}>
        {({ sessions, total }) =>
          total === 0 ? (
            <NothingHere />
          ) : (
            <>
              <TableFrame label="Sessions">
                <table className={`sessions ${list.isPlaceholderData ? 'is-old' : ''}`}>
                  <thead>
                    <tr>
                      {HEADS.map(([name, label, isNumber]) => (
                        <SortHead
                          key={name}
                          name={name}
                          label={label}
                          isNumber={isNumber}
                          sort={view.sort}
                          order={view.order}
                          onSort={onSort}
                        />
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {sessions.map((session) => (
                      <Row key={session.sessionId} session={session} />
                    ))}
                  </tbody>
                </table>
              </TableFrame>
              <Pager
                at={view.at}
                pageSize={PAGE_SIZE}
                total={total}
                onGo={(at) => navigate({ at, open: '' })}
              />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Row({ session }: { session: SessionListItem }) {
  const { view, navigate } = useUrlState();
  const { sessionId } = session;
  const isOpen = view.open === sessionId;
  return (
    <Fragment>
      <tr className={isOpen ? 'is-open' : ''}>
        <th scope="row">
          <button
            type="button"
            className="unfold"
            aria-expanded={isOpen}
            aria-label={`Details of ${shortId(sessionId)}`}
            onClick={() => navigate({ open: isOpen ? '' : sessionId })}
          >
            <span aria-hidden="true">▸</span>
          </button>
          <ViewLink to={{ page: 'session', sessionId }} className="session-name">
            {shortId(sessionId)}
          </ViewLink>
          <span
            className="note session-place"
            title={session.project === null ? undefined : printable(session.project)}
          >
            {lastFolder(session.project)}
            {session.client === null || session.client === CLAUDE_CODE
              ? ''
              : `, ${formatLabel('client', session.client)}`}
            {session.parentSessionId === null ? '' : ', a fork'}
          </span>
        </th>
        <td>
          <Names names={session.agentTypes.map((type) => formatLabel('agent-type', type))} />
        </td>
        <td>
          <Names names={session.models.map(shortModelName)} />
        </td>
        <td className="number">{short(inputTokens(session))}</td>
        <td className="number">{short(Number(session.outputTokens))}</td>
        <td className="number strong">{formatCost(session.costUsd)}</td>
        <td className="number" title={moment(session.lastAt)}>
          {when(session.lastAt)}
        </td>
      </tr>
      {isOpen ? (
        <tr className="detail">
          <td colSpan={HEADS.length}>
            <SessionDetail sessionId={sessionId} />
          </td>
        </tr>
      ) : null}
    </Fragment>
  );
}

/** The most expensive name, and how many others there are. */
function Names({ names }: { names: string[] }) {
  const [first = '—', ...others] = names;
  return (
    <span title={names.join(', ')}>
      {first}
      {others.length === 0 ? '' : <span className="note"> +{others.length}</span>}
    </span>
  );
}
