import type { Group, SessionBreakdown, SessionExplanation } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { formatLabel, getGroupValue } from '../dimensions.ts';
import { clockTime, formatPlural, formatShare, short, formatCost, usdOfNano } from '../format.ts';
import { ViewLink } from '../ui/link.tsx';
import { Meter } from '../ui/meter.tsx';
import { Loaded, Skeleton } from '../ui/states.tsx';

const SHOWN = 6;

/** The cost of a session by model, tool and prompt. */
export function SessionDetail({ sessionId }: { sessionId: string }) {
  const path = `/api/costs/sessions/${encodeURIComponent(sessionId)}`;
  const breakdown = useApi<SessionBreakdown>(path);
  const explained = useApi<SessionExplanation>(`${path}/explain`);
  return (
    <div className="details">
      <Loaded of={breakdown} waiting={<Skeleton lines={4} />}>
        {({ byModel, byTool, totals }) => (
          <>
            <Ranked title="Models" by="model" groups={byModel} totalUsd={totals.costUsd} />
            <Ranked title="Tools" by="tool" groups={byTool} totalUsd={totals.costUsd} />
          </>
        )}
      </Loaded>
      <Loaded of={explained} waiting={<Skeleton lines={4} />}>
        {({ turns }) => <Prompts turns={turns} />}
      </Loaded>
      <p className="details-more">
        <ViewLink to={{ page: 'session', sessionId }}>Show the session's timeline →</ViewLink>
      </p>
    </div>
  );
}

function Ranked({
  title,
  by,
  groups,
  totalUsd,
}: {
  title: string;
  by: 'model' | 'tool';
  groups: Group[];
  totalUsd: number;
}) {
  return (
    <section>
      <h3>{title}</h3>
      <ul className="ranked">
        {groups.slice(0, SHOWN).map((group) => {
          const share = totalUsd > 0 ? group.costUsd / totalUsd : 0;
          return (
            <li key={JSON.stringify(group.key)}>
              <span className="ranked-name">
                {formatLabel(by, getGroupValue(group, by) ?? null)}
              </span>
              <span className="number">{formatCost(group.costUsd)}</span>
              <span className="number quiet">{formatShare(share)}</span>
              <Meter share={share} />
            </li>
          );
        })}
      </ul>
      {groups.length > SHOWN ? <p className="note">{`and ${groups.length - SHOWN} more`}</p> : null}
    </section>
  );
}

function Prompts({ turns }: { turns: SessionExplanation['turns'] }) {
  const top = turns
    .toSorted((a, b) => Number(b.costNanoUsd) - Number(a.costNanoUsd))
    .slice(0, SHOWN);
  const total = turns.reduce((sum, { costNanoUsd }) => sum + Number(costNanoUsd), 0);
  return (
    <section>
      <h3>Prompts</h3>
      <ul className="ranked">
        {top.map((turn) => {
          const share = total > 0 ? Number(turn.costNanoUsd) / total : 0;
          const after = turn.contextAfterTokens;
          return (
            <li key={turn.promptId ?? ''}>
              <span className="ranked-name">
                {turn.number === null ? 'No known prompt' : `Prompt ${turn.number}`}
              </span>
              <span className="number">{usdOfNano(turn.costNanoUsd)}</span>
              <span className="number quiet">{formatShare(share)}</span>
              <Meter share={share} />
              <span className="note ranked-note">
                {`${clockTime(turn.startedAt)}, ${formatPlural(turn.requests, 'request')}${after === null ? '' : `, context grows to ${short(after)}`}`}
              </span>
            </li>
          );
        })}
      </ul>
      {turns.length > SHOWN ? <p className="note">{`and ${turns.length - SHOWN} more`}</p> : null}
    </section>
  );
}
