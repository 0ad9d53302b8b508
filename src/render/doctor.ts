import type { Finding } from '../core/finding.ts';
import { printable } from '../core/lang/printable.ts';
import type { Style } from './text/style.ts';
import { wrapText } from './text/wrap.ts';

const NAMES = { ok: 'ok', warn: 'warn', fail: 'FAIL' };

/** One line for each check that passes; for the others also the impact and the fix. */
export function renderDoctor(findings: Finding[], style: Style): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const problems = findings.filter(({ state }) => state === 'fail').length;
  const lines = findings.map(({ check, state, message, impact, fix }) => {
    const paint = state === 'ok' ? style.green : state === 'warn' ? style.dim : style.yellow;
    const head = `${paint(NAMES[state].padEnd(5))} ${check.padEnd(width)}  `;
    const indent = ' '.repeat(8 + width);
    const columns = style.columns === null ? null : Math.max(40, style.columns - indent.length);
    const text = wrapText(printable(message), columns);
    if (impact !== null) text.push(...wrapText(printable(impact), columns));
    // Not wrapped, so that a command can be copied.
    if (fix !== null) text.push(`Fix: ${printable(fix)}`);
    return head + text.join(`\n${indent}`);
  });
  const end =
    problems === 0
      ? 'No problems found.'
      : `${problems} ${problems === 1 ? 'problem' : 'problems'} found; a fix is listed under ${problems === 1 ? 'it' : 'each'}.`;
  return [...lines, '', end].join('\n');
}
