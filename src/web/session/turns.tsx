import type { SessionExplanation } from '../api/types.ts';
import { clockTime, short, usdOfNano, whole } from '../format.ts';
import { Panel } from '../ui/panel.tsx';
import { DataTable } from '../ui/table.tsx';

/** The prompts of a session, each with the cost of everything it triggered. */
export function Turns({ turns }: { turns: SessionExplanation['turns'] }) {
  return (
    <Panel title="Prompts" note="each with everything it triggered, including subagents">
      <DataTable
        label="Prompts"
        isTall
        rows={turns}
        keyOf={({ promptId }) => promptId ?? ''}
        columns={[
          {
            head: 'Prompt',
            cell: ({ number, startedAt }) => (
              <>
                {number === null ? 'unknown' : number}
                <span className="note"> {clockTime(startedAt)}</span>
              </>
            ),
          },
          { head: 'Requests', isNumber: true, cell: ({ requests }) => whole(requests) },
          {
            head: 'Context',
            isNumber: true,
            cell: ({ contextBeforeTokens: before, contextAfterTokens: after }) =>
              before === null ? '—' : `${short(before)} → ${short(after ?? 0)}`,
          },
          {
            head: 'Carried',
            isNumber: true,
            tone: 'quiet',
            cell: ({ carriedNanoUsd }) => usdOfNano(carriedNanoUsd),
          },
          {
            head: 'Cost',
            isNumber: true,
            tone: 'strong',
            cell: ({ costNanoUsd }) => usdOfNano(costNanoUsd),
          },
        ]}
      />
    </Panel>
  );
}
