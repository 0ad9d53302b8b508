import { type JsoncStyle, printValue } from '../jsonc/edit.ts';
import { type JsoncNode, gapTokens, getCloseOffset, getEnd } from '../jsonc/parse.ts';

/**
 * Edits of containers that were empty, which `append` and `remove` can't undo. Whether a container was
 * created with its item is written into the white space: before the closing bracket there is some exactly
 * if it was. So the text alone shows what uninstalling has to restore.
 */

/** Puts the first item into an empty container, behind the white space and comments that are in it. */
export function insertOnly(
  text: string,
  container: JsoncNode,
  key: string | null,
  value: unknown,
  style: JsoncStyle,
  isCreatedNow: boolean,
): string {
  const close = getCloseOffset(container);
  const outer = indentAt(text, container.offset);
  const inner = outer + style.unit;
  const name = key === null ? '' : `${JSON.stringify(key)}:${style.isCompact ? '' : ' '}`;
  if (!isCreatedNow) {
    const json = style.isCompact ? JSON.stringify(value) : printValue(value, style, outer);
    return text.slice(0, close) + name + json + text.slice(close);
  }
  const open = text.slice(0, container.offset + 1);
  const item = style.isCompact
    ? `${name}${JSON.stringify(value)} `
    : `${style.eol}${inner}${name}${printValue(value, style, inner)}${style.eol}${outer}`;
  return open + item + text.slice(close);
}

/** Whether this is the only item of a container that was created for it. */
export function isCreated(text: string, item: JsoncNode): boolean {
  const container = item.parent;
  if (container?.children?.length !== 1) return false;
  const close = getCloseOffset(container);
  return (
    /^\s+$/.test(text.slice(getEnd(item), close)) &&
    gapTokens(text, container.offset + 1, item.offset).length === 0
  );
}

/** Removes the only item of a container that existed before; what else is inside stays. */
export function removeOnly(text: string, item: JsoncNode): string {
  const container = item.parent;
  if (container === undefined) return text;
  const end = getEnd(item);
  const comma = gapTokens(text, end, getCloseOffset(container)).find(
    ({ kind }) => kind === 'comma',
  );
  return text.slice(0, item.offset) + text.slice(comma?.end ?? end);
}

function indentAt(text: string, offset: number): string {
  const line =
    text
      .slice(0, offset)
      .split(/[\r\n]/)
      .at(-1) ?? '';
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
