import type { SessionExplanation } from '../api/types.ts';
import { clockTime, short, usdOfNano, whole } from '../format.ts';
import { Panel } from '../ui/panel.tsx';

/** The prompts of a session, each with all that it set off. */
export function Turns({ turns }: { turns: SessionExplanation['turns'] }) {
  return (
    <Panel title="Prompts" note="each with all that it set off, subagents included">
      <div className="table-frame table-frame-tall" tabIndex={0} role="group" aria-label="Prompts">
        <table>
          <thead>
            <tr>
              <th scope="col">Prompt</th>
              <th scope="col" className="number">
                Requests
              </th>
              <th scope="col" className="number">
                Context
              </th>
              <th scope="col" className="number">
                Carried
              </th>
              <th scope="col" className="number">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {turns.map((turn) => (
              <tr key={turn.promptId ?? ''}>
                <th scope="row">
                  {turn.number === null ? 'none known' : turn.number}
                  <span className="note"> {clockTime(turn.startedAt)}</span>
                </th>
                <td className="number">{whole(turn.requests)}</td>
                <td className="number">
                  {turn.contextBeforeTokens === null
                    ? '—'
                    : `${short(turn.contextBeforeTokens)} → ${short(turn.contextAfterTokens ?? 0)}`}
                </td>
                <td className="number quiet">{usdOfNano(turn.carriedNanoUsd)}</td>
                <td className="number strong">{usdOfNano(turn.costNanoUsd)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
