import { printable } from '../../core/lang/printable.ts';
import {
  lastFolder,
  clockTimeSeconds,
  shortModelName,
  shortId,
  unknownCost,
  usdOfNano,
} from '../format.ts';
import { useLive } from '../state/live-state.ts';
import { ViewLink } from '../ui/link.tsx';
import { Panel } from '../ui/panel.tsx';

/** Records that arrived since the page was opened; not shown while there are none. */
export function LiveFeed() {
  const records = useLive(({ records }) => records);
  if (records.length === 0) return null;
  return (
    <Panel title="Just now" note="live from the event stream">
      <ul className="feed" aria-live="polite" aria-relevant="additions">
        {records.map((record) => (
          <li key={record.seq}>
            <span className="feed-time">{clockTimeSeconds(record.occurredAtMs)}</span>
            <ViewLink to={{ page: 'session', sessionId: record.sessionId }}>
              {shortId(record.sessionId)}
            </ViewLink>
            <span className="feed-what">
              {shortModelName(record.model)}
              {record.toolName === null ? '' : ` · ${printable(record.toolName)}`}
              {typeof record['agentType'] === 'string'
                ? ` · ${printable(record['agentType'])}`
                : ''}
              {` · ${lastFolder(typeof record['project'] === 'string' ? record['project'] : null)}`}
            </span>
            <span className="feed-cost">
              {record.costNanoUsd === null
                ? unknownCost(record['priceBasis'])
                : usdOfNano(record.costNanoUsd)}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
