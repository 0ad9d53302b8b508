import { printable } from '../../core/lang/printable.ts';
import type { SessionExplanation } from '../api/types.ts';
import { lastFolder, usdOfNano } from '../format.ts';
import { Meter } from '../ui/meter.tsx';
import { Panel } from '../ui/panel.tsx';

const NAMES = new Map<string, string>([
  ['output', 'Output'],
  ['new-input', 'New input'],
  ['carried-input', 'Carried input'],
  ['rewritten-input', 'Input paid again as new'],
  ['web-search', 'Web search'],
]);
const SHOWN = 4;

/** The cost as a tree: parts with their most expensive causes; then the most expensive tool calls. */
export function Parts({ bill }: { bill: SessionExplanation }) {
  const all = bill.parts.reduce((sum, { costNanoUsd }) => sum + Number(costNanoUsd), 0);
  return (
    <Panel title="Cost breakdown" note="the parts of the cost, and what caused each">
      <ul className="bill">
        {bill.parts.map(({ part, costNanoUsd, causes }) => (
          <li key={part}>
            <div className="bill-part">
              <span>{NAMES.get(part) ?? part}</span>
              <span className="number strong">{usdOfNano(costNanoUsd)}</span>
            </div>
            <Meter share={all > 0 ? Number(costNanoUsd) / all : 0} />
            <ul className="bill-causes">
              {causes.slice(0, SHOWN).map(({ cause, tool, costNanoUsd: cost }) => (
                <li key={`${cause} ${tool ?? ''}`}>
                  <span>{tool === null ? cause.replaceAll(/[()]/g, '') : printable(tool)}</span>
                  <span className="number quiet">{usdOfNano(cost)}</span>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {bill.topCalls.length === 0 ? null : <h3>Most expensive tool calls</h3>}
      <ul className="ranked ranked-two">
        {bill.topCalls.slice(0, 5).map((call) => (
          <li key={call.toolUseId}>
            <span className="ranked-name">
              {printable(call.tool ?? 'unknown tool')}
              <span className="note">
                {' '}
                {call.file === null ? printable(call.command ?? '') : lastFolder(call.file)}
              </span>
            </span>
            <span className="number">{usdOfNano(call.costNanoUsd)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
