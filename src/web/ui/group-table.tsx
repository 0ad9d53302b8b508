import type { Group } from '../api/types.ts';
import { inputTokens, formatLabel, getGroupValue } from '../dimensions.ts';
import { short, formatCost, whole } from '../format.ts';
import { GROUPING_LABELS, type Grouping } from '../state/grouping-labels.ts';
import { DataTable } from './table.tsx';

/** Groups as a table. */
export function GroupTable({
  by,
  groups,
  label,
}: {
  by: Grouping;
  groups: Group[];
  label: string;
}) {
  const formatName = (group: Group): string => {
    const value = getGroupValue(group, by);
    return value === undefined ? 'others' : formatLabel(by, value);
  };
  return (
    <DataTable
      label={label}
      rows={groups}
      keyOf={(group) => String(getGroupValue(group, by))}
      columns={[
        { head: GROUPING_LABELS[by].name, cell: formatName },
        { head: 'Requests', isNumber: true, cell: ({ requests }) => whole(requests) },
        { head: 'Input', isNumber: true, cell: (group) => short(inputTokens(group)) },
        { head: 'Output', isNumber: true, cell: (group) => short(Number(group.outputTokens)) },
        { head: 'Cost', isNumber: true, cell: ({ costUsd }) => formatCost(costUsd) },
      ]}
    />
  );
}
