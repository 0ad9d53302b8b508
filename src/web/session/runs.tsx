import { printable } from '../../core/lang/printable.ts';
import type { SessionExplanation } from '../api/types.ts';
import { clockTime, usdOfNano, whole } from '../format.ts';
import { Panel } from '../ui/panel.tsx';
import { DataTable } from '../ui/table.tsx';

/** Runs of subagents, each with the subagents that it started. */
export function Runs({ runs }: { runs: SessionExplanation['runs'] }) {
  if (runs.length === 0) return null;
  return (
    <Panel title="Subagents" note="the cost of each, alone and with the subagents it started">
      <DataTable
        label="Subagents"
        isTall
        rows={runs}
        keyOf={({ agentId }) => agentId}
        columns={[
          {
            head: 'Agent',
            cell: ({ agentType, agentId, startedAt }) => (
              <>
                {printable(agentType ?? agentId)}
                <span className="note"> {clockTime(startedAt)}</span>
              </>
            ),
          },
          { head: 'Requests', isNumber: true, cell: ({ requests }) => whole(requests) },
          {
            head: 'Cost',
            isNumber: true,
            tone: 'quiet',
            cell: ({ costNanoUsd }) => usdOfNano(costNanoUsd),
          },
          {
            head: 'With nested',
            isNumber: true,
            tone: 'strong',
            cell: ({ costWithNestedNanoUsd }) => usdOfNano(costWithNestedNanoUsd),
          },
        ]}
      />
    </Panel>
  );
}

/** Requests that paid again for context that had been cached, and the reason. */
export function Misses({ misses }: { misses: SessionExplanation['cacheMisses'] }) {
  if (misses.length === 0) return null;
  return (
    <Panel title="Cache misses" note="context that had been cached and was paid again as new">
      <ul className="ranked ranked-two">
        {misses.slice(0, 10).map((miss) => (
          <li key={miss.requestId}>
            <span className="ranked-name">
              {miss.reason}
              <span className="note"> {clockTime(miss.occurredAt)}</span>
            </span>
            <span className="number">{usdOfNano(miss.costNanoUsd)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
