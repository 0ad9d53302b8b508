import { printable } from '../../core/lang/printable.ts';

/** Lines of context around a change, as in `diff -u`. */
const CONTEXT = 3;
/** Cells of the comparison's table; a larger changed part is shown as replaced completely. */
const MAX_CELLS = 4_000_000;

interface Line {
  sign: ' ' | '-' | '+';
  text: string;
}

/**
 * The difference between two texts in the format of `patch`; empty if they are equal. Null stands for a
 * missing file.
 */
export function unifiedDiff(path: string, before: string | null, after: string | null): string {
  if (before === after) return '';
  const lines = compare(splitLines(before ?? ''), splitLines(after ?? ''));
  const header = [
    `--- ${before === null ? '/dev/null' : printable(path)}\n`,
    `+++ ${after === null ? '/dev/null' : printable(path)}\n`,
  ];
  return header.join('') + hunks(lines).join('');
}

/** Lines with their line ends, so that a changed or missing line end is a difference. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function compare(before: string[], after: string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let tail = 0;
  while (
    tail < Math.min(before.length, after.length) - start &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++;
  }
  return [
    ...before.slice(0, start).map(line(' ')),
    ...compareMiddle(
      before.slice(start, before.length - tail),
      after.slice(start, after.length - tail),
    ),
    ...before.slice(before.length - tail).map(line(' ')),
  ];
}

/** The longest common subsequence by dynamic programming. */
function compareMiddle(before: string[], after: string[]): Line[] {
  const width = after.length + 1;
  if ((before.length + 1) * width > MAX_CELLS) {
    return [...before.map(line('-')), ...after.map(line('+'))];
  }
  const common = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (old !== undefined && old === now) {
      lines.push({ sign: ' ', text: old });
      i++;
      j++;
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: old });
      i++;
    } else {
      lines.push({ sign: '+', text: now ?? '' });
      j++;
    }
  }
  return lines;
}

function hunks(lines: Line[]): string[] {
  const isNear = lines.map(() => false);
  for (const [index, { sign }] of lines.entries()) {
    if (sign !== ' ') isNear.fill(true, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  }
  const texts: string[] = [];
  let [oldLine, newLine] = [1, 1];
  for (let start = 0; start < lines.length;) {
    const end = isNear[start] === true ? endOfRun(isNear, start) : start + 1;
    const part = lines.slice(start, end);
    const oldCount = part.filter(({ sign }) => sign !== '+').length;
    const newCount = part.filter(({ sign }) => sign !== '-').length;
    if (isNear[start] === true) {
      texts.push(`@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@\n`);
      texts.push(...part.map(print));
    }
    oldLine += oldCount;
    newLine += newCount;
    start = end;
  }
  return texts;
}

function endOfRun(flags: boolean[], start: number): number {
  const end = flags.indexOf(false, start);
  return end === -1 ? flags.length : end;
}

/** An empty range names the line before it. */
function range(first: number, count: number): string {
  return `${count === 0 ? first - 1 : first},${count}`;
}

function line(sign: Line['sign']) {
  return (text: string): Line => ({ sign, text });
}

function print({ sign, text }: Line): string {
  return text.endsWith('\n') ? sign + text : `${sign}${text}\n\\ No newline at end of file\n`;
}
