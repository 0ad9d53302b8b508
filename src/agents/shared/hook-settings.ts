import { getNodeValue } from 'jsonc-parser';
import { asObject } from '../../core/lang/json.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { parseOwnCommand } from './own-command.ts';
import { type OwnHook, findOwnHooks, othersIn } from './own-hooks.ts';
import { type JsoncStyle, append, detectStyle, remove } from '../jsonc/edit.ts';
import { type JsoncNode, getEnd, parseJsonc, propertyValue } from '../jsonc/parse.ts';
import { insertOnly, isCreated, removeOnly } from './only-child.ts';

/** A hook in a settings file of Claude Code's shape: `hooks.<event>[]`, each with `matcher` and `hooks`. */
export interface SettingsHook {
  event: string;
  /** For events with a matcher: matches every tool. */
  matcher?: string;
  /** In the agent's own unit. */
  timeout: number;
  /** Needed for budgets only. */
  isEnforcing?: true;
}

const BOM = '\uFEFF';
/** What a file that we create looks like around the object; with it an empty file is not confused. */
const CREATED_END = '\n';

/**
 * Registers hooks; those of ours that exist stay, with the new command.
 * @returns the new text; null if it has all of them
 */
export function addSettingsHooks(
  path: string,
  text: string | null,
  command: string,
  hooks: readonly SettingsHook[],
): string | null {
  const bom = text?.startsWith(BOM) === true ? BOM : '';
  const before = (text ?? '').slice(bom.length);
  const root = parseSettings(path, before);
  const own = root === null ? [] : findOwnHooks(root);
  const present = new Set(own.map(({ event }) => event));
  let body = before;
  for (const hook of own.toReversed()) body = replaceCommand(body, hook, command);
  const missing = hooks.filter(({ event }) => !present.has(event));
  if (root === null && missing.length > 0) {
    // A line comment without an end would swallow the object.
    const isOpen = parseSettings(path, `${body}{}`) === null;
    body += `${isOpen ? '\n' : ''}{\n}${text === null ? CREATED_END : ''}`;
  }
  let hasNewDocument = root === null;
  for (const hook of missing) {
    body = addHook(path, body, hook, command, hasNewDocument);
    hasNewDocument = false;
  }
  expectSafe(path, before, body, hooks);
  return body === before ? null : bom + body;
}

/**
 * Removes every hook of ours, and the lists and objects that were created for them.
 * @returns null if the whole file was created for them
 */
export function removeSettingsHooks(path: string, text: string): string | null {
  const bom = text.startsWith(BOM) ? BOM : '';
  const before = text.slice(bom.length);
  let body = before;
  for (let root = parseSettings(path, body); root !== null;) {
    const hook = findOwnHooks(root).at(-1);
    if (hook === undefined) break;
    const result = removeHook(body, root, hook);
    if (result === null) return null;
    body = result;
    root = parseSettings(path, body);
  }
  expectSafe(path, before, body, []);
  return bom + body;
}

/** The command lines of our hooks; none in a text that is not JSON. */
export function settingsCommands(_path: string, text: string): string[] {
  const parsed = parseJsonc(text.startsWith(BOM) ? text.slice(BOM.length) : text);
  if (!parsed.ok || parsed.root === null) return [];
  return findOwnHooks(parsed.root).map(({ command }) => String(command.value));
}

function addHook(
  path: string,
  text: string,
  hook: SettingsHook,
  command: string,
  isNewDocument: boolean,
): string {
  const { event, matcher, timeout } = hook;
  const entry = { type: 'command', command, timeout };
  const group = { ...(matcher === undefined ? {} : { matcher }), hooks: [entry] };
  let body = text;
  let hasCreated = isNewDocument;
  const place = (key: string | null, value: unknown, find: (root: JsoncNode) => JsoncNode) => {
    const root = parseSettings(path, body);
    if (root === null) return;
    const container = find(root);
    // A document without a line break stays one; the one that we have just created has a break.
    const style: JsoncStyle = { ...detectStyle(body, root), isCompact: !/[\r\n]/.test(body) };
    body =
      container.children?.length === 0
        ? insertOnly(body, container, key, value, style, hasCreated)
        : append(body, container, key, value, style);
  };
  const hooksIn = (root: JsoncNode) => propertyValue(root, 'hooks');
  const listIn = (root: JsoncNode) => {
    const hooks = hooksIn(root);
    return hooks === undefined ? undefined : propertyValue(hooks, event);
  };
  const root = parseSettings(path, body);
  if (root === null) return text;
  expectType(path, '"hooks"', hooksIn(root), 'object');
  expectType(path, `"hooks.${event}"`, listIn(root), 'array');
  if (hooksIn(root) === undefined) {
    place('hooks', {}, (now) => now);
    hasCreated = true;
  }
  if (listIn(root) === undefined) {
    place(event, [], (now) => hooksIn(now) ?? now);
    hasCreated = true;
  }
  place(null, group, (now) => listIn(now) ?? now);
  return body;
}

/** The hook and every container that was created for it. Null: so was the file. */
function removeHook(body: string, root: JsoncNode, { entry, group }: OwnHook): string | null {
  if (entry.parent?.children?.length !== 1) return remove(body, entry);
  let item = group;
  while (isCreated(body, item)) {
    const container = item.parent;
    if (container === undefined) break;
    if (container === root) return withoutDocument(body, root);
    // A property's value: its property is the next item.
    if (container.parent?.type !== 'property') break;
    item = container.parent;
  }
  return item.parent?.children?.length === 1 ? removeOnly(body, item) : remove(body, item);
}

function withoutDocument(body: string, root: JsoncNode): string | null {
  const [head, tail] = [body.slice(0, root.offset), body.slice(getEnd(root))];
  return head === '' && tail === CREATED_END ? null : head + tail;
}

function replaceCommand(body: string, { command: node, parsed }: OwnHook, command: string): string {
  const value: string = node.value;
  const wanted = parseOwnCommand(command);
  if (parsed === null || parsed.program.join('\0') === wanted?.program.join('\0')) return body;
  // Variables before the program and redirections after it are the user's.
  const end =
    value.indexOf(' --agent ', parsed.end) === parsed.end
      ? endOfAgent(value, parsed.end)
      : parsed.end;
  const line = value.slice(0, parsed.start) + command + value.slice(end);
  return body.slice(0, node.offset) + JSON.stringify(line) + body.slice(getEnd(node));
}

function endOfAgent(value: string, start: number): number {
  return start + (/^ --agent \S+/.exec(value.slice(start))?.[0].length ?? 0);
}

function parseSettings(path: string, text: string): JsoncNode | null {
  const parsed = parseJsonc(text);
  if (!parsed.ok) throw new UserError(`${path} is not valid JSON (${parsed.problem}).`);
  expectType(path, 'its content', parsed.root ?? undefined, 'object');
  return parsed.root;
}

function expectType(path: string, what: string, node: JsoncNode | undefined, type: string): void {
  if (node === undefined || node.type === type) return;
  const wanted = type === 'array' ? 'a list' : 'an object';
  throw new UserError(`${path} can't be edited: ${what} is not ${wanted} (${node.type}).`);
}

/** Last safety check: an edit with any unintended effect is refused. */
function expectSafe(
  path: string,
  before: string,
  after: string,
  wanted: readonly SettingsHook[],
): void {
  const root = parseSettings(path, after);
  const own = root === null ? [] : findOwnHooks(root);
  const isDone = wanted.every(({ event }) => own.some((hook) => hook.event === event));
  const hasLeft = wanted.length === 0 && own.length > 0;
  const old = othersIn(toObject(parseSettings(path, before)));
  if (!isDone || hasLeft || othersIn(toObject(root)) !== old) {
    throw new UserError(`${path} is written in a way that can't be edited safely.`);
  }
}

function toObject(root: JsoncNode | null): Record<string, unknown> {
  return root === null ? {} : (asObject(getNodeValue(root)) ?? {});
}
