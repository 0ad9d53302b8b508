import type { SessionExplanation } from '../api/types.ts';
import { clockTime, usdOfNano, whole } from '../format.ts';
import { Panel } from '../ui/panel.tsx';

/** Runs of subagents, each with those that it started itself. */
export function Runs({ runs }: { runs: SessionExplanation['runs'] }) {
  if (runs.length === 0) return null;
  return (
    <Panel title="Subagents" note="the cost of each, and with those that it started">
      <div
        className="table-frame table-frame-tall"
        tabIndex={0}
        role="group"
        aria-label="Subagents"
      >
        <table>
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col" className="number">
                Requests
              </th>
              <th scope="col" className="number">
                Cost
              </th>
              <th scope="col" className="number">
                With nested
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.agentId}>
                <th scope="row">
                  {run.agentType ?? run.agentId}
                  <span className="note"> {clockTime(run.startedAt)}</span>
                </th>
                <td className="number">{whole(run.requests)}</td>
                <td className="number quiet">{usdOfNano(run.costNanoUsd)}</td>
                <td className="number strong">{usdOfNano(run.costWithNestedNanoUsd)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** Requests that paid again for what was cached, and why. */
export function Misses({ misses }: { misses: SessionExplanation['cacheMisses'] }) {
  if (misses.length === 0) return null;
  return (
    <Panel title="Cache misses" note="what was cached and paid as new again">
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
