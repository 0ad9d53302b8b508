import { type GapToken, type JsoncNode, getCloseOffset, getEnd, gapTokens } from './parse.ts';

/**
 * Edits that leave every other byte unchanged, and that undo each other: removing what was appended
 * restores the old text, comments and trailing commas included, provided the container was not empty.
 * (jsonc-parser's own `modify` moves a neighbour's comment, its issue 125.)
 */
export interface JsoncStyle {
  eol: string;
  /** One step of indentation. */
  unit: string;
  /** The document has no line break inside, so additions get none either. */
  isCompact: boolean;
}

export function detectStyle(text: string, root: JsoncNode | null): JsoncStyle {
  const first = root?.children?.[0];
  const indent = first === undefined ? null : ownLineIndent(text, first.offset);
  return {
    eol: detectEol(text),
    unit: indent === null || indent === '' ? '  ' : indent,
    isCompact: root !== null && first !== undefined && !hasBreak(sliceSource(text, root)),
  };
}

/** A value as JSON, its lines after the first indented by `base`. */
export function printValue(value: unknown, style: JsoncStyle, base: string): string {
  return JSON.stringify(value, null, style.unit).replaceAll('\n', style.eol + base);
}

/** Appends a property (`key` given) or an element (`key` null) to a container. */
export function append(
  text: string,
  container: JsoncNode,
  key: string | null,
  value: unknown,
  style: JsoncStyle,
): string {
  const close = getCloseOffset(container);
  const last = container.children?.at(-1);
  const lastEnd = last === undefined ? container.offset + 1 : getEnd(last);
  const gap = gapTokens(text, lastEnd, close);
  const comma = gap.find((token) => token.kind === 'comma');
  // A comment on the last item's line belongs to that item, so the addition goes after it.
  let at = comma?.end ?? lastEnd;
  for (const token of gap) {
    if (token.start < at) continue;
    if (last !== undefined && hasBreak(text.slice(at, token.start))) break;
    at = token.end;
  }
  const isInline =
    style.isCompact || (last !== undefined && !hasBreak(sliceSource(text, container)));
  const layout = isInline
    ? { lead: last === undefined || style.isCompact ? '' : ' ', base: null }
    : detectLayout(text, container, style);
  const json = layout.base === null ? JSON.stringify(value) : printValue(value, style, layout.base);
  const name = key === null ? '' : `${JSON.stringify(key)}:${style.isCompact ? '' : ' '}`;
  let tail = text.slice(at, close);
  if (last === undefined && !isInline && (gap.length === 0 || !hasBreak(tail))) {
    tail = style.eol + lineIndent(text, container.offset);
  }
  return [
    text.slice(0, lastEnd),
    last !== undefined && comma === undefined ? ',' : '',
    gap.length === 0 ? '' : text.slice(lastEnd, at),
    layout.lead + name + json,
    comma === undefined ? '' : ',',
    tail,
    text.slice(close),
  ].join('');
}

/** Replaces the value of a property. */
export function replaceValue(
  text: string,
  node: JsoncNode,
  value: unknown,
  style: JsoncStyle,
): string {
  const json = style.isCompact
    ? JSON.stringify(value)
    : printValue(value, style, lineIndent(text, node.offset));
  return text.slice(0, node.offset) + json + text.slice(getEnd(node));
}

/** The text before an addition that may span lines, and the indentation of its further lines. */
function detectLayout(text: string, container: JsoncNode, style: JsoncStyle) {
  const outer = lineIndent(text, container.offset);
  const first = container.children?.[0];
  const last = container.children?.at(-1);
  if (first === undefined || last === undefined) {
    return { lead: style.eol + outer + style.unit, base: outer + style.unit };
  }
  const isOnePerLine =
    hasBreak(text.slice(container.offset, first.offset)) ||
    hasBreak(text.slice(getEnd(last), getCloseOffset(container)));
  if (!isOnePerLine) return { lead: ' ', base: outer };
  const indent = ownLineIndent(text, last.offset) ?? outer + style.unit;
  return { lead: style.eol + indent, base: indent };
}

/**
 * Removes a property or an element with its comma; comments around it stay.
 * @param emptyInside the text between the brackets when they were empty, for an only child
 */
export function remove(text: string, item: JsoncNode, emptyInside = ''): string {
  const container = item.parent;
  if (container?.children === undefined) return text;
  const index = container.children.indexOf(item);
  const prev = container.children[index - 1];
  const next = container.children[index + 1];
  const from = prev === undefined ? container.offset + 1 : getEnd(prev);
  const to = next?.offset ?? getCloseOffset(container);
  const before = gapTokens(text, from, item.offset);
  const comma = gapTokens(text, getEnd(item), to).find((token) => token.kind === 'comma');
  // The last item without a comma of its own: remove the comma before it.
  const earlier = comma === undefined ? before.find((token) => token.kind === 'comma') : undefined;
  let rest = sliceWithout(text, getEnd(item), to, comma);
  let start = before.at(-1)?.end ?? from;
  if (/^[ \t]*\/[/*]/.test(rest)) {
    // A comment after it on its line stays and moves into its place.
    start = item.offset;
    rest = rest.trimStart();
  }
  const head = sliceWithout(text, from, start, earlier);
  const mustBreak =
    start !== item.offset && before.at(-1)?.kind === 'line-comment' && !/^[ \t]*[\r\n]/.test(rest);
  const gap = head + (mustBreak ? detectEol(text) : '') + rest;
  const isNowEmpty = container.children.length === 1 && sameButSpace(gap, emptyInside);
  return text.slice(0, from) + (isNowEmpty ? emptyInside : gap) + text.slice(to);
}

function sliceWithout(text: string, from: number, to: number, token: GapToken | undefined) {
  return token === undefined
    ? text.slice(from, to)
    : text.slice(from, token.start) + text.slice(token.end, to);
}

/** Whether there are comments between the brackets next to this only child. */
export function hasCommentsBeside(text: string, item: JsoncNode): boolean {
  const container = item.parent;
  if (container === undefined) return false;
  const around = [
    ...gapTokens(text, container.offset + 1, item.offset),
    ...gapTokens(text, getEnd(item), getCloseOffset(container)),
  ];
  return around.some((token) => token.kind !== 'comma');
}

export function sameButSpace(a: string, b: string): boolean {
  return a.replaceAll(/\s/g, '') === b.replaceAll(/\s/g, '');
}

export function sliceSource(text: string, node: JsoncNode): string {
  return text.slice(node.offset, getEnd(node));
}

function detectEol(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

function hasBreak(text: string): boolean {
  return /[\r\n]/.test(text);
}

function lineIndent(text: string, offset: number): string {
  return /^[ \t]*/.exec(lineBefore(text, offset) + text.slice(offset, offset + 1))?.[0] ?? '';
}

/** The indentation of a node that begins its line, otherwise null. */
function ownLineIndent(text: string, offset: number): string | null {
  const before = lineBefore(text, offset);
  return before.length < offset && /^[ \t]*$/.test(before) ? before : null;
}

function lineBefore(text: string, offset: number): string {
  return (
    text
      .slice(0, offset)
      .split(/[\r\n]/)
      .at(-1) ?? ''
  );
}
