import { printable } from '../../core/lang/printable.ts';
import type { ShareGroup } from '../api/types.ts';
import { seriesColour } from '../charts/palette.ts';

type Column = 'called' | 'read' | 'carried';

export const COLUMNS: { name: Column; label: string; meaning: string; colour: string }[] = [
  { name: 'called', label: 'Called', meaning: 'written by the model', colour: seriesColour(0) },
  { name: 'read', label: 'Read', meaning: 'new in the context', colour: seriesColour(1) },
  { name: 'carried', label: 'Carried', meaning: 're-sent since', colour: seriesColour(2) },
];

/** The same columns as `explain`: rewritten input counts as carried, the fee of a web search as called. */
const COLUMN_OF = new Map<string, Column>([
  ['output', 'called'],
  ['web-search', 'called'],
  ['new-input', 'read'],
  ['carried-input', 'carried'],
  ['rewritten-input', 'carried'],
]);

const NOTES = new Map<string, string>([
  ['prompt', 'what you wrote'],
  ['text', 'what the model answered'],
  ['thinking', 'what the model thought'],
  ['system', 'the system prompt and the tools’ definitions'],
  ['attachment', 'files and notes attached to prompts'],
  ['hook-output', 'what hooks added'],
  ['summary', 'summaries by compaction'],
  ['(unattributed)', 'what no transcript shows'],
]);

export interface CauseRow extends Record<Column, number> {
  id: string;
  name: string;
  note: string;
  isTool: boolean;
  cost: number;
}

/** One row for each tool and each other cause, most expensive first, from shares by cause, tool and part. */
export function toCauseRows(groups: readonly ShareGroup[]): CauseRow[] {
  const rows = new Map<string, CauseRow>();
  for (const { key, costUsd } of groups) {
    const cause = typeof key['cause'] === 'string' ? key['cause'] : 'others';
    const tool = typeof key['tool'] === 'string' && cause === 'tool-use' ? key['tool'] : null;
    const id = `${cause}\n${tool ?? ''}`;
    const row = rows.get(id) ?? {
      id,
      name:
        tool === null
          ? cause === 'tool-use'
            ? 'unnamed tool'
            : cause.replaceAll(/[()]/g, '')
          : printable(tool),
      note: NOTES.get(cause) ?? '',
      isTool: tool !== null,
      called: 0,
      read: 0,
      carried: 0,
      cost: 0,
    };
    rows.set(id, row);
    row[COLUMN_OF.get(String(key['part'])) ?? 'read'] += costUsd;
    row.cost += costUsd;
  }
  return [...rows.values()].filter(({ cost }) => cost !== 0).sort((a, b) => b.cost - a.cost);
}
