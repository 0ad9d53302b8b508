import { printable } from '../../core/lang/printable.ts';
import type { Alert } from '../api/types.ts';
import { moment, shortId, when } from '../format.ts';
import { ViewLink } from '../ui/link.tsx';

const KINDS = { budget: 'Budget', anomaly: 'Anomaly', velocity: 'Fast spending' } as const;

/** @param onSeen called with the button that was pressed */
export function AlertItem({
  alert,
  onSeen,
}: {
  alert: Alert;
  onSeen: (pressed: HTMLElement) => void;
}) {
  const { number, level, reason, kind, at, sessionId, acknowledgedAt } = alert;
  return (
    <li className={acknowledgedAt === null ? '' : 'is-seen'}>
      <span className={`tag tag-${level}`}>{level}</span>
      <div>
        <p className="alert-reason">{printable(reason)}</p>
        <p className="note">
          {`${number}: ${KINDS[kind]}, `}
          <time title={moment(at)}>{when(at)}</time>
          {sessionId === null ? null : (
            <>
              {', session '}
              <ViewLink to={{ page: 'session', sessionId }}>{shortId(sessionId)}</ViewLink>
            </>
          )}
        </p>
      </div>
      {acknowledgedAt === null ? (
        <button
          type="button"
          className="button"
          aria-label={`Mark as seen: alert ${number}`}
          onClick={({ currentTarget }) => onSeen(currentTarget)}
        >
          Mark as seen
        </button>
      ) : (
        <p className="note">
          seen <time title={moment(acknowledgedAt)}>{when(acknowledgedAt)}</time>
        </p>
      )}
    </li>
  );
}
