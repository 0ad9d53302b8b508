import {
  append,
  hasCommentsBeside,
  remove,
  replaceValue,
  detectStyle,
} from '../../agents/jsonc/edit.ts';
import { type JsoncNode, parseJsonc, propertyValue } from '../../agents/jsonc/parse.ts';
import type { SettingKey } from '../../core/settings/table.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { type FoundFile, openTextFile, replacePrivateFile } from '../files/text.ts';

/**
 * Writes a setting into a settings file and leaves every other byte unchanged: comments, order,
 * indentation.
 * @throws UserError for a file that is not a JSON object or can't be written
 */
export function setSetting(path: string, key: SettingKey, value: unknown): void {
  edit(path, (text, root) => withSetting(path, text, root, key, value));
}

/** @returns false if the file does not contain the setting; it is then not written */
export function unsetSetting(path: string, key: SettingKey): boolean {
  return edit(path, (text, root) => withoutSetting(text, root, key));
}

function edit(path: string, change: (text: string, root: JsoncNode) => string): boolean {
  const file = openTextFile(path);
  const mark = file.text?.startsWith('\uFEFF') === true ? '\uFEFF' : '';
  const text = (file.text ?? '').slice(mark.length);
  const parsed = parseRoot(file, text);
  const next = change(parsed.text, parsed.root);
  if (next === parsed.text) return false;
  replacePrivateFile(file, mark + next);
  return true;
}

function parseRoot({ path }: FoundFile, text: string): { text: string; root: JsoncNode } {
  const parsed = parseJsonc(text);
  const hint = 'Fix it, or move it away, and run this again.';
  if (!parsed.ok) throw new UserError(`${path} is not JSON: ${parsed.problem}`, hint);
  if (parsed.root === null) {
    const space = text === '' || text.endsWith('\n') ? '' : '\n';
    return parseRoot({ path } as FoundFile, `${text}${space}{}\n`);
  }
  if (parsed.root.type !== 'object') throw new UserError(`${path} is not a JSON object`, hint);
  return { text, root: parsed.root };
}

function withSetting(
  path: string,
  text: string,
  root: JsoncNode,
  key: SettingKey,
  value: unknown,
): string {
  const style = detectStyle(text, root);
  const [group, name] = splitKey(key);
  const holder = group === null ? root : propertyValue(root, group);
  if (holder === undefined) return append(text, root, group, { [name]: value }, style);
  if (holder.type === 'null') return replaceValue(text, holder, { [name]: value }, style);
  if (holder.type !== 'object') {
    throw new UserError(`${path}: ${group} is not an object`, 'Fix it and run this again.');
  }
  const old = propertyValue(holder, name);
  return old === undefined
    ? append(text, holder, name, value, style)
    : replaceValue(text, old, value, style);
}

function withoutSetting(text: string, root: JsoncNode, key: SettingKey): string {
  const [group, name] = splitKey(key);
  const holder = group === null ? root : propertyValue(root, group);
  if (holder?.type !== 'object') return text;
  const property = propertyValue(holder, name)?.parent;
  if (property === undefined) return text;
  const isAlone = group !== null && holder.children?.length === 1;
  const holderProperty = isAlone && !hasCommentsBeside(text, property) ? holder.parent : undefined;
  const next = remove(text, holderProperty ?? property);
  const parsed = parseJsonc(next);
  // A duplicate key is removed everywhere.
  return parsed.ok && parsed.root !== null ? withoutSetting(next, parsed.root, key) : next;
}

function splitKey(key: SettingKey): [group: string | null, name: string] {
  const dot = key.indexOf('.');
  return dot < 0 ? [null, key] : [key.slice(0, dot), key.slice(dot + 1)];
}
