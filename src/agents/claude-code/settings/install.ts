import { getNodeValue } from 'jsonc-parser';
import { type JsonObject, asObject, parseJson } from '../../../core/lang/json.ts';
import { type JsoncNode, getEnd, parseJsonc, propertyValue } from '../../jsonc/parse.ts';
import {
  append,
  hasCommentsBeside,
  printValue,
  remove,
  sameButSpace,
  sliceSource,
  detectStyle,
} from '../../jsonc/edit.ts';
import { parseOwnCommand } from '../../shared/own-command.ts';
import { type OwnHook, findOwnHooks, othersIn } from '../../shared/own-hooks.ts';
import { RECORDING_HOOKS, type RecordingHook, hookGroup } from './recording-hooks.ts';

export { ASKING_HOOK, ENFORCING_HOOKS, RECORDING_HOOKS } from './recording-hooks.ts';

/**
 * What is needed to undo an edit but can't be seen in the edited text: places that existed before and were
 * empty. Stored by the caller as JSON.
 */
export interface Undo {
  /** The whole text if it had no value (empty, or only comments), otherwise null. */
  blank: string | null;
  /** The text between the brackets of `''` (the document), `hooks` and `hooks.<event>`. */
  empty: Record<string, string>;
  /** The command of the status line that ours wraps, as it was in the file; otherwise null or absent. */
  statusline?: string | null | undefined;
}

export interface EditFailure {
  ok: false;
  reason: 'not-json' | 'not-an-object' | 'unexpected-hooks' | 'foreign-command' | 'unsafe';
  /** One line that continues "settings.json ". */
  message: string;
}

export interface Edited {
  ok: true;
  text: string;
  changed: boolean;
  /** Events whose list a hook of ours was added to, or removed from. */
  events: string[];
}

export interface Added extends Edited {
  /** Events whose hook of ours had the path of another program, such as a Node that has moved. */
  updated: string[];
  /**
   * Why Claude Code will not run any of the hooks in this text: `disableAllHooks`, or comments and trailing
   * commas, which make 2.1.330 ignore the whole file silently. Null: no such reason.
   */
  ignoredFor: 'disabled' | 'not-strict-json' | null;
  undo: Undo;
}

const NO_UNDO: Undo = { blank: null, empty: {} };
const BOM = '\uFEFF';

/**
 * Registers hooks. No other byte of the text changes, hooks of other tools stay in front, and a text that
 * already has the hooks is returned unchanged. Never throws.
 * @param command a command line of ours (see own-command), as it will be in the file
 * @param hooks the hooks to have; existing ones of ours stay
 */
export function addHooks(
  settingsText: string,
  command: string,
  hooks: readonly RecordingHook[] = RECORDING_HOOKS,
): Added | EditFailure {
  const wanted = parseOwnCommand(command);
  if (wanted === null) {
    return editFailure(
      'foreign-command',
      `would get a hook that uninstall could not find again: ${command}`,
    );
  }
  const before = parseClientSettings(settingsText);
  if (!before.ok) return before;
  const obstacle = before.root === null ? null : misplaced(before.root, hooks);
  if (obstacle !== null) return obstacle;
  const undo: Undo = { blank: before.root === null ? before.body : null, empty: {} };

  const own = before.root === null ? [] : findOwnHooks(before.root);
  const present = new Set(own.map((hook) => hook.event));
  const outdated = own.filter((hook) => hook.parsed !== null && differs(hook.parsed, wanted));
  let body = before.body;
  for (const hook of outdated.toReversed()) body = rewriteCommand(body, hook, command);
  const missing = hooks.filter((hook) => !present.has(hook.event));
  for (const hook of missing) {
    body = addToEvent(body, hook.event, hookGroup(hook, command), undo);
  }
  const edited: Added = {
    ok: true,
    text: before.bom + body,
    changed: body !== before.body,
    events: missing.map((hook) => hook.event),
    updated: [...new Set(outdated.map((hook) => hook.event))],
    ignoredFor: ignoredFor(body, before.root),
    undo,
  };
  const complete = (existing: OwnHook[]) =>
    hooks.every(({ event }) => existing.some((hook) => hook.event === event));
  return checked(before.body, body, complete) ?? edited;
}

/**
 * Removes every hook of ours, and every list or object that this leaves empty; later edits by others stay.
 * With the `undo` of the edit that added the hooks, the old text is restored byte for byte. Without it,
 * empty places are assumed to be ours. Never throws.
 */
export function removeHooks(settingsText: string, undo: Undo = NO_UNDO): Edited | EditFailure {
  const before = parseClientSettings(settingsText);
  if (!before.ok) return before;
  let body = before.body;
  const events = new Set<string>();
  for (let root = before.root; root !== null;) {
    const hook = findOwnHooks(root).at(-1);
    if (hook === undefined) break;
    events.add(hook.event);
    body = removeHook(body, hook, undo);
    const parsed = parseJsonc(body);
    root = parsed.ok ? parsed.root : null;
    if (root !== null && undo.blank !== null) body = withoutDocument(body, root, undo.blank);
  }
  const edited: Edited = {
    ok: true,
    text: before.bom + body,
    changed: body !== before.body,
    events: [...events].toReversed(),
  };
  return checked(before.body, body, (hooks) => hooks.length === 0) ?? edited;
}

/** Parses the text of a settings file. @returns a failure if it does not contain settings */
export function parseClientSettings(
  text: string,
): { ok: true; bom: string; body: string; root: JsoncNode | null } | EditFailure {
  const bom = text.startsWith(BOM) ? BOM : '';
  const body = text.slice(bom.length);
  const parsed = parseJsonc(body);
  if (!parsed.ok) return editFailure('not-json', `is not valid JSON (${parsed.problem})`);
  const { root } = parsed;
  if (root !== null && root.type !== 'object') {
    return editFailure('not-an-object', 'does not hold a JSON object');
  }
  return { ok: true, bom, body, root };
}

/** Null if our hooks can be added: no hooks yet, or an object with a list for each event. */
function misplaced(root: JsoncNode, wanted: readonly RecordingHook[]): EditFailure | null {
  const hooks = propertyValue(root, 'hooks');
  if (hooks === undefined) return null;
  if (hooks.type !== 'object') {
    return editFailure('unexpected-hooks', `has "hooks" that are not an object (${hooks.type})`);
  }
  for (const { event } of wanted) {
    const type = propertyValue(hooks, event)?.type ?? 'array';
    if (type !== 'array') {
      return editFailure('unexpected-hooks', `has "hooks.${event}" that is not a list (${type})`);
    }
  }
  return null;
}

function addToEvent(body: string, event: string, group: unknown, undo: Undo): string {
  const parsed = parseJsonc(body);
  if (!parsed.ok) return body;
  const { root } = parsed;
  const style = detectStyle(body, root);
  if (root === null) {
    const end = body.slice(body.trimEnd().length);
    const lead = /\S/.test(body) ? body + (/[\r\n]/.test(end) ? '' : style.eol) : '';
    return lead + printValue({ hooks: { [event]: [group] } }, style, '') + style.eol;
  }
  const hooks = propertyValue(root, 'hooks');
  const list = hooks === undefined ? undefined : propertyValue(hooks, event);
  const container = list ?? hooks ?? root;
  if (container.children?.length === 0) {
    const place = list === undefined ? (hooks === undefined ? '' : 'hooks') : `hooks.${event}`;
    undo.empty[place] = sliceSource(body, container).slice(1, -1);
  }
  if (list !== undefined) return append(body, list, null, group, style);
  if (hooks !== undefined) return append(body, hooks, event, [group], style);
  return append(body, root, 'hooks', { [event]: [group] }, style);
}

function differs(existing: { program: string[] }, wanted: { program: string[] }): boolean {
  return existing.program.join('\0') !== wanted.program.join('\0');
}

/** Replaces only the program: variables before it and arguments after it belong to the user. */
function rewriteCommand(body: string, hook: OwnHook, command: string): string {
  if (hook.parsed === null) return body;
  const old: string = hook.command.value;
  const value = old.slice(0, hook.parsed.start) + command + old.slice(hook.parsed.end);
  const { offset } = hook.command;
  return body.slice(0, offset) + JSON.stringify(value) + body.slice(getEnd(hook.command));
}

/** The hook and every container that holds nothing else, up to one that is not ours. */
function removeHook(body: string, { entry, group, event }: OwnHook, undo: Undo): string {
  if (!isOnlyChild(entry)) return remove(body, entry);
  const places = [`hooks.${event}`, 'hooks', ''];
  let item = group;
  let place = places.shift() ?? '';
  while (place !== '' && isOnlyChild(item) && undo.empty[place] === undefined) {
    const property = item.parent?.parent;
    if (property === undefined || hasCommentsBeside(body, item)) break;
    item = property;
    place = places.shift() ?? '';
  }
  return remove(body, item, undo.empty[place]);
}

function isOnlyChild(item: JsoncNode): boolean {
  return item.parent?.children?.length === 1;
}

/** Removes an empty document again if there was none before. */
function withoutDocument(body: string, root: JsoncNode, blank: string): string {
  if (sliceSource(body, root).replaceAll(/\s/g, '') !== '{}') return body;
  return sameButSpace(body.slice(0, root.offset) + body.slice(getEnd(root)), blank) ? blank : body;
}

/** Last safety check: an edit with any unintended effect is refused. */
function checked(
  before: string,
  after: string,
  isDone: (hooks: OwnHook[]) => boolean,
): EditFailure | null {
  const [old, now] = [parseJsonc(before), parseJsonc(after)];
  const isSafe =
    old.ok &&
    now.ok &&
    othersIn(toPlainObject(old.root)) === othersIn(toPlainObject(now.root)) &&
    isDone(now.root === null ? [] : findOwnHooks(now.root));
  return isSafe ? null : editFailure('unsafe', 'is written in a way that cannot be edited safely');
}

function ignoredFor(body: string, root: JsoncNode | null): Added['ignoredFor'] {
  if (parseJson(body) === undefined) return 'not-strict-json';
  return toPlainObject(root)['disableAllHooks'] === true ? 'disabled' : null;
}

function toPlainObject(root: JsoncNode | null): JsonObject {
  return root === null ? {} : (asObject(getNodeValue(root)) ?? {});
}

export function editFailure(reason: EditFailure['reason'], message: string): EditFailure {
  return { ok: false, reason, message };
}
