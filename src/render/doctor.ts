import type { Finding } from '../core/finding.ts';
import { printable } from '../core/lang/printable.ts';
import type { Style } from './text/style.ts';
import { wrapText } from './text/wrap.ts';

const NAMES = { ok: 'ok', note: 'note', fault: 'FAULT' };

/** One line for what is well; what it means and what mends it below what is not. */
export function renderDoctor(findings: Finding[], style: Style): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const faults = findings.filter(({ state }) => state === 'fault').length;
  const lines = findings.map(({ check, state, found, means, mend }) => {
    const paint = state === 'ok' ? style.green : state === 'note' ? style.dim : style.yellow;
    const head = `${paint(NAMES[state].padEnd(5))} ${check.padEnd(width)}  `;
    const indent = ' '.repeat(8 + width);
    const columns = style.columns === null ? null : Math.max(40, style.columns - indent.length);
    const words = wrapText(printable(found), columns);
    if (means !== null) words.push(...wrapText(printable(means), columns));
    // A command is one line, to be copied.
    if (mend !== null) words.push(`Mend: ${printable(mend)}`);
    return head + words.join(`\n${indent}`);
  });
  const end =
    faults === 0
      ? 'Nothing is wrong.'
      : `${faults} ${faults === 1 ? 'fault' : 'faults'}; what mends ${faults === 1 ? 'it' : 'each'} is said below it.`;
  return [...lines, '', end].join('\n');
}
