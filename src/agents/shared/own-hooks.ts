import { type JsonObject, asArray, asObject } from '../../core/lang/json.ts';
import { type JsoncNode, propertyValue } from '../jsonc/parse.ts';
import { type OwnCommand, isOwnProgram, parseOwnCommand } from './own-command.ts';

/** One hook of ours in the tree of a settings file. */
export interface OwnHook {
  event: string;
  /** The hook itself, an element of `group`'s `hooks`. */
  entry: JsoncNode;
  group: JsoncNode;
  command: JsoncNode;
  /** Null if it runs without a shell (`args`): recognised, but never rewritten. */
  parsed: OwnCommand | null;
}

/** All hooks of ours, in file order; anything of an unexpected shape is skipped. */
export function findOwnHooks(root: JsoncNode): OwnHook[] {
  const hooks = propertyValue(root, 'hooks');
  if (hooks?.type !== 'object') return [];
  const ownHooks: OwnHook[] = [];
  for (const property of hooks.children ?? []) {
    const event = String(property.children?.[0]?.value);
    for (const group of getElements(property.children?.[1])) {
      if (group.type !== 'object') continue;
      for (const entry of getElements(propertyValue(group, 'hooks'))) {
        const own = ownEntry(entry);
        if (own !== null) ownHooks.push({ event, entry, group, ...own });
      }
    }
  }
  return ownHooks;
}

function getElements(node: JsoncNode | undefined): JsoncNode[] {
  return node?.type === 'array' ? (node.children ?? []) : [];
}

function ownEntry(entry: JsoncNode): Pick<OwnHook, 'command' | 'parsed'> | null {
  if (entry.type !== 'object') return null;
  const command = propertyValue(entry, 'command');
  if (command?.type !== 'string') return null;
  const text: string = command.value;
  const args = propertyValue(entry, 'args');
  if (args === undefined) {
    const parsed = parseOwnCommand(text);
    return parsed === null ? null : { command, parsed };
  }
  const words = getElements(args).map((arg) => String(arg.value));
  return isOwnProgram([text, ...words]) ? { command, parsed: null } : null;
}

/**
 * All settings that are not ours, as one text, so that two files can be compared: an edit of ours must not
 * change it. Lists and groups without a hook are left out.
 */
export function othersIn(settings: JsonObject): string {
  const { hooks, ...rest } = settings;
  const events = hooks === undefined ? {} : asObject(hooks);
  if (events === null) return JSON.stringify(settings);
  const others = Object.entries(events).map(([event, groups]) => [event, withoutOwnHooks(groups)]);
  const remaining = others.filter(([, groups]) => !(Array.isArray(groups) && groups.length === 0));
  return JSON.stringify([rest, remaining]);
}

function withoutOwnHooks(groups: unknown): unknown {
  if (!Array.isArray(groups)) return groups;
  return groups.flatMap((value: unknown) => {
    const group = asObject(value);
    const entries = asArray(group?.['hooks']);
    const remaining = entries.filter((entry) => !isOwnEntry(asObject(entry)));
    if (group === null || remaining.length === entries.length) return [value];
    return remaining.length === 0 ? [] : [{ ...group, hooks: remaining }];
  });
}

function isOwnEntry(entry: JsonObject | null): boolean {
  const command = entry?.['command'];
  if (typeof command !== 'string') return false;
  const args = entry?.['args'];
  if (args === undefined) return parseOwnCommand(command) !== null;
  return isOwnProgram([command, ...asArray(args).map(String)]);
}
