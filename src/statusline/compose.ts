import type { Style } from '../render/text/style.ts';
import { countColumns, cutToColumns } from './glyphs.ts';
import { type Segment, VALUE_NAMES, type ValueName } from './template.ts';
import type { Value } from './values.ts';

type Values = Partial<Record<ValueName, Value>>;

/** A piece of the line. Its color does not count towards its width. */
interface Span {
  text: string;
  kind: 'mark' | 'value' | 'alarm';
}

/**
 * Claude Code (2.1.330) passes its width in COLUMNS, and leaves two columns free on each side of the
 * line.
 */
const MARGINS = 4;

/**
 * Joins the segments that have something to show. If the line is too wide for the terminal, the least
 * important segments are left out; `VALUE_NAMES` is in order of importance.
 * @returns the empty string if there is nothing to show
 */
export function composeLine(
  segments: Segment[],
  values: Values,
  isSubscriber: boolean,
  style: Style,
): string {
  const shown = segments.filter((segment) => hasSomething(segment, values));
  let spans = buildSpans(shown, values, isSubscriber, style);
  const { columns } = style;
  const most = columns !== null && columns > 0 ? Math.max(1, columns - MARGINS) : Infinity;
  while (measureWidth(spans) > most && shown.length > 1) {
    shown.splice(leastImportant(shown, values), 1);
    spans = buildSpans(shown, values, isSubscriber, style);
  }
  return cutTo(spans, most, style)
    .map(({ text, kind }) => paint(text, kind, style))
    .join('')
    .trim();
}

/** A segment without values is always shown. */
function hasSomething({ parts }: Segment, values: Values): boolean {
  const named = parts.flatMap((part) => ('value' in part ? [part.value] : []));
  return parts.length > 0 && (named.length === 0 || named.some((name) => name in values));
}

/** For a subscriber the first dollar amount is labelled; the label covers the later ones too. */
function buildSpans(shown: Segment[], values: Values, isSubscriber: boolean, style: Style): Span[] {
  let needsLabel = isSubscriber;
  const spans: Span[] = [];
  const put = (text: string, kind: Span['kind']): void => {
    const last = spans.at(-1);
    const shownText = style.isUnicode ? text : ascii(text);
    if (last?.kind === kind) last.text += shownText;
    else if (text !== '') spans.push({ text: shownText, kind });
  };
  shown.forEach(({ separator, parts }, index) => {
    if (index > 0) put(separator, 'mark');
    for (const part of parts) {
      if ('text' in part) {
        put(part.text, 'mark');
        continue;
      }
      const value = values[part.value];
      if (value === undefined) continue;
      if (value.isMoney && needsLabel) {
        put('API value ', 'mark');
        needsLabel = false;
      }
      for (const { text, isAlarming } of value.pieces) put(text, isAlarming ? 'alarm' : 'value');
    }
  });
  return spans;
}

/** The index of the least important segment, by its most important value; the last one of equals. */
function leastImportant(shown: Segment[], values: Values): number {
  const ranks = shown.map(({ parts }) => {
    const named = parts.flatMap((part) =>
      'value' in part && part.value in values ? [VALUE_NAMES.indexOf(part.value)] : [],
    );
    return named.length === 0 ? VALUE_NAMES.length : Math.min(...named);
  });
  return ranks.lastIndexOf(Math.max(...ranks));
}

function measureWidth(spans: Span[]): number {
  return spans.reduce((sum, { text }) => sum + countColumns(text), 0);
}

function cutTo(spans: Span[], most: number, style: Style): Span[] {
  if (measureWidth(spans) <= most) return spans;
  const dots = style.isUnicode ? '…' : '..';
  let left = Math.max(0, most - dots.length);
  const fitting = spans.map(({ text, kind }) => {
    const piece = cutToColumns(text, left);
    // After a piece that was cut, nothing fits, even where a column is left.
    left = piece === text ? left - countColumns(piece) : 0;
    return { text: piece, kind };
  });
  return [...fitting.filter(({ text }) => text !== ''), { text: dots, kind: 'mark' }];
}

/** Values stand out from the text around them. */
function paint(text: string, kind: Span['kind'], style: Style): string {
  if (kind === 'mark') return style.dim(text);
  return kind === 'alarm' ? style.yellow(text) : text;
}

function ascii(text: string): string {
  return text
    .replace(/[·•–—]/g, '-')
    .replaceAll('…', '..')
    .replace(/[^ -~]/gu, '?');
}
