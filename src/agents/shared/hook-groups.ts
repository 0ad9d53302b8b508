import { type JsonObject, asArray, asObject, asText } from '../../core/lang/json.ts';
import { parseOwnCommand } from './own-command.ts';
import { append, detectStyle, printValue, remove } from '../jsonc/edit.ts';
import {
  type JsoncNode,
  getCloseOffset,
  getEnd,
  parseJsonc,
  propertyValue,
} from '../jsonc/parse.ts';

/** One element of an event's list. */
export interface HookGroup {
  event: string;
  /** With our command in its `hooks`. */
  group: JsonObject;
}

interface OwnEntry {
  event: string;
  entry: JsoncNode;
  group: JsoncNode;
  command: JsoncNode;
}

const BOM = '\uFEFF';

/**
 * What follows an addition to a place that was there and empty: the file itself has to say so, because an
 * empty place that was added with the hooks is removed with them.
 */
const WAS_EMPTY = ' ';
/** The same for a text without a value, and for one that needed a line break as well. */
const WAS_BLANK = ' ';
const WAS_BLANK_IN_LINE = '  ';

/**
 * Adds hooks in Claude Code's shape, lists of groups by event, to a text of JSON with comments. No other
 * byte changes. Null: nothing to change, or a text of another shape.
 * @param key the property that holds the lists; null: the text itself does
 */
export function addHookGroups(
  text: string | null,
  key: 'hooks' | null,
  groups: readonly HookGroup[],
): string | null {
  const bom = text?.startsWith(BOM) === true ? BOM : '';
  const old = (text ?? '').slice(bom.length);
  if (!canHold(old, key, groups)) return null;
  let body = old;
  for (const { event, group } of groups) {
    const own = findOwn(body, key).filter((found) => found.event === event);
    const command = asText(asObject(asArray(group['hooks'])[0])?.['command']) ?? '';
    if (own.length === 0) body = addToEvent(body, key, event, group, text === null);
    for (const found of own.toReversed()) body = replaceCommand(body, found, command);
  }
  return body === old ? null : bom + body;
}

/** Removes every hook of ours and what was added for it. Null: nothing else is left. */
export function removeHookGroups(text: string, key: 'hooks' | null): string | null {
  const bom = text.startsWith(BOM) ? BOM : '';
  let body: string | null = text.slice(bom.length);
  // One at a time, because each moves what follows; each step removes one, so there is an end.
  for (;;) {
    const last = findOwn(body, key).at(-1);
    if (last === undefined) return bom + body;
    body = removeEntry(body, last);
    if (body === null) return null;
  }
}

/** The command lines of our hooks. */
export function groupCommands(text: string, key: 'hooks' | null): string[] {
  const body = text.startsWith(BOM) ? text.slice(BOM.length) : text;
  return findOwn(body, key).map(({ command }) => String(command.value));
}

function canHold(body: string, key: 'hooks' | null, groups: readonly HookGroup[]): boolean {
  const parsed = parseJsonc(body);
  if (!parsed.ok) return false;
  if (parsed.root === null) return true;
  if (parsed.root.type !== 'object') return false;
  const lists = findLists(parsed.root, key);
  if (lists === undefined) return true;
  if (lists.type !== 'object') return false;
  return groups.every(({ event }) => (propertyValue(lists, event)?.type ?? 'array') === 'array');
}

function findLists(root: JsoncNode, key: 'hooks' | null): JsoncNode | undefined {
  return key === null ? root : propertyValue(root, key);
}

function findOwn(body: string, key: 'hooks' | null): OwnEntry[] {
  const parsed = parseJsonc(body);
  const root = parsed.ok ? parsed.root : null;
  if (root?.type !== 'object') return [];
  const lists = findLists(root, key);
  if (lists?.type !== 'object') return [];
  return (lists.children ?? []).flatMap((property) => {
    const event = String(property.children?.[0]?.value);
    return elementsOf(property.children?.[1]).flatMap((group) => {
      const entries = group.type === 'object' ? elementsOf(propertyValue(group, 'hooks')) : [];
      return entries.flatMap((entry) => {
        const command = entry.type === 'object' ? propertyValue(entry, 'command') : undefined;
        const isOwn = command?.type === 'string' && parseOwnCommand(command.value) !== null;
        return isOwn ? [{ event, entry, group, command }] : [];
      });
    });
  });
}

function elementsOf(node: JsoncNode | undefined): JsoncNode[] {
  return node?.type === 'array' ? (node.children ?? []) : [];
}

function addToEvent(
  body: string,
  key: 'hooks' | null,
  event: string,
  group: JsonObject,
  isNewFile: boolean,
): string {
  const parsed = parseJsonc(body);
  if (!parsed.ok) return body;
  const style = detectStyle(body, parsed.root);
  const lists = { [event]: [group] };
  if (parsed.root === null) {
    const json = printValue(key === null ? lists : { [key]: lists }, style, '');
    if (isNewFile) return `${json}${style.eol}`;
    const isInLine = /[^\s]/.test(body) && !/[\r\n]\s*$/.test(body);
    return body + (isInLine ? `\n${json}${WAS_BLANK_IN_LINE}` : json + WAS_BLANK);
  }
  const { root } = parsed;
  const place = findLists(root, key);
  const list = place === undefined ? undefined : propertyValue(place, event);
  const [container, name, value] =
    list !== undefined
      ? [list, null, group]
      : place !== undefined
        ? [place, event, [group]]
        : [root, key, lists];
  if (container.children?.length !== 0) return append(body, container, name, value, style);
  const close = getCloseOffset(container);
  const item = `${name === null ? '' : `${JSON.stringify(name)}: `}${JSON.stringify(value)}`;
  return body.slice(0, close) + item + WAS_EMPTY + body.slice(close);
}

function replaceCommand(body: string, { command }: OwnEntry, wanted: string): string {
  if (command.value === wanted) return body;
  return body.slice(0, command.offset) + JSON.stringify(wanted) + body.slice(getEnd(command));
}

function removeEntry(body: string, { entry, group }: OwnEntry): string | null {
  if ((entry.parent?.children?.length ?? 0) > 1) return remove(body, entry);
  let item = group;
  for (;;) {
    const container = item.parent;
    if (container === undefined) return body;
    if ((container.children?.length ?? 0) > 1) return remove(body, item);
    const close = getCloseOffset(container);
    if (body.slice(getEnd(item), close) === WAS_EMPTY) {
      return body.slice(0, item.offset) + body.slice(close);
    }
    if (container.parent === undefined) return withoutDocument(body, container);
    item = container.parent;
  }
}

function withoutDocument(body: string, root: JsoncNode): string | null {
  const before = body.slice(0, root.offset);
  const after = body.slice(getEnd(root));
  if (after === WAS_BLANK) return before;
  if (after === WAS_BLANK_IN_LINE) return before.slice(0, -1);
  const rest = before + after;
  return rest.trim() === '' ? null : rest;
}
