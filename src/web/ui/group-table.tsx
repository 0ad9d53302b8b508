import type { Group } from '../api/types.ts';
import { GROUPING_NAMES, inputTokens, labelOf, valueOf } from '../dimensions.ts';
import { short, usd, whole } from '../format.ts';
import type { Grouping } from '../state/view.ts';

/** Groups in numbers. */
export function GroupTable({
  by,
  groups,
  label,
}: {
  by: Grouping;
  groups: Group[];
  label: string;
}) {
  return (
    <div className="table-frame" tabIndex={0} role="group" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{GROUPING_NAMES[by]}</th>
            <th scope="col" className="number">
              Requests
            </th>
            <th scope="col" className="number">
              Input
            </th>
            <th scope="col" className="number">
              Output
            </th>
            <th scope="col" className="number">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => {
            const value = valueOf(group, by);
            return (
              <tr key={String(value)}>
                <th scope="row">{value === undefined ? 'others' : labelOf(by, value)}</th>
                <td className="number">{whole(group.requests)}</td>
                <td className="number">{short(inputTokens(group))}</td>
                <td className="number">{short(Number(group.outputTokens))}</td>
                <td className="number">{usd(group.costUsd)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
