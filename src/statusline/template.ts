import { printable } from '../core/lang/printable.ts';

/** The values that a template can use, the most important first. */
export const VALUE_NAMES = [
  'session',
  'budget',
  'limits',
  'context',
  'today',
  'model',
  'rate',
  'project',
  'branch',
  'lines',
] as const;

export type ValueName = (typeof VALUE_NAMES)[number];

export type TemplatePart = { text: string } | { value: ValueName };

/** The text between two separators. It is shown completely or not at all. */
export interface Segment {
  /** Separates it from the previous segment. */
  separator: string;
  parts: TemplatePart[];
}

export const DEFAULT_TEMPLATE =
  '{model} · {session} session · {today} today · {budget} · {rate} · {context} context · {limits}';

/** Symbols with spaces on both sides, or a gap: `A · B`, `A | B`, `A  B`. */
const SEPARATOR = /( +[^\p{L}\p{N}\s{}()[\]$%]+ +| {2,})/u;

/** Never fails: text that is not the name of a value is kept unchanged. */
export function parseTemplate(template: string): Segment[] {
  const [first = '', ...rest] = oneLine(template).trim().split(SEPARATOR);
  const segments: Segment[] = [{ separator: '', parts: parseTemplateParts(first) }];
  for (let index = 0; index < rest.length; index += 2) {
    segments.push({
      separator: rest[index] ?? '',
      parts: parseTemplateParts(rest[index + 1] ?? ''),
    });
  }
  return segments;
}

export function valuesIn(segments: Segment[]): Set<ValueName> {
  const parts = segments.flatMap((segment) => segment.parts);
  return new Set(parts.flatMap((part) => ('value' in part ? [part.value] : [])));
}

function parseTemplateParts(text: string): TemplatePart[] {
  return text
    .split(/(\{[a-z]+\})/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const value = VALUE_NAMES.find((name) => piece === `{${name}}`);
      return value === undefined ? { text: piece } : { value };
    });
}

/** Text on one line, without control characters, whatever its source. */
export function oneLine(text: string): string {
  return printable(text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]/g, ' '));
}
