import { getNodeValue } from 'jsonc-parser';
import { asObject } from '../../../core/lang/json.ts';
import { type JsoncNode, getEnd, parseJsonc, propertyValue } from '../../jsonc/parse.ts';
import { append, remove, sliceSource, detectStyle } from '../../jsonc/edit.ts';
import { type EditFailure, editFailure, parseClientSettings } from './install.ts';
import { parseStatusline, buildStatuslineCommand } from './statusline-command.ts';

/** Refresh interval of the status line in seconds, because today's cost also grows in other sessions. */
const REFRESH_SECONDS = 10;

export interface StatuslineEdit {
  ok: true;
  text: string;
  /**
   * `wrapped`: another program's status line still runs, above ours; `updated`: it had the path of another
   * program.
   */
  kind: 'none' | 'added' | 'wrapped' | 'updated' | 'removed' | 'restored';
  /** For `wrapped`: the other command exactly as it was in the file, including quotes; needed for removal. */
  raw: string | null;
}

/**
 * Adds our status line to the settings, wrapping an existing one. A text that already has it is returned
 * unchanged. Never throws.
 * @param program the runner and the executable
 * @param isWanted false: an existing one is updated, none is added
 */
export function addStatusline(
  settingsText: string,
  program: string[],
  isWanted: boolean,
): StatuslineEdit | EditFailure {
  const before = parseClientSettings(settingsText);
  if (!before.ok) return before;
  const { bom, body, root } = before;
  const nothing: StatuslineEdit = { ok: true, text: settingsText, kind: 'none', raw: null };
  const line = root === null ? undefined : propertyValue(root, 'statusLine');
  if (line === undefined) {
    if (!isWanted || root === null) return nothing;
    const command = buildStatuslineCommand(program, null);
    const value = { type: 'command', command, refreshInterval: REFRESH_SECONDS };
    const text = append(body, root, 'statusLine', value, detectStyle(body, root));
    return checked(before, { ...nothing, text: bom + text, kind: 'added' });
  }
  const command = findCommand(line);
  if (command === null) {
    if (!isWanted) return nothing;
    return editFailure('unexpected-hooks', 'has a "statusLine" without a command to keep');
  }
  const ours = parseStatusline(command.value);
  if (ours === null && !isWanted) return nothing;
  const wrapped = ours === null ? command.value : ours.wrapped;
  const isSame = ours !== null && ours.program.join('\0') === program.join('\0');
  if (isSame) return nothing;
  const raw = ours === null ? sliceSource(body, command.node) : null;
  const text = withValue(
    body,
    command.node,
    JSON.stringify(buildStatuslineCommand(program, wrapped)),
  );
  return checked(before, {
    ...nothing,
    text: bom + text,
    kind: ours === null ? 'wrapped' : 'updated',
    raw,
  });
}

/**
 * Removes our status line and restores the one it wrapped. Never throws.
 * @param raw from the edit that wrapped it; without it, the command is quoted again
 */
export function removeStatusline(
  settingsText: string,
  raw: string | null,
): StatuslineEdit | EditFailure {
  const before = parseClientSettings(settingsText);
  if (!before.ok) return before;
  const { bom, body, root } = before;
  const line = root === null ? undefined : propertyValue(root, 'statusLine');
  const command = line === undefined ? null : findCommand(line);
  const ours = command === null ? null : parseStatusline(command.value);
  if (line?.parent === undefined || command === null || ours === null) {
    return { ok: true, text: settingsText, kind: 'none', raw: null };
  }
  const { wrapped } = ours;
  if (wrapped === null) {
    const text = bom + remove(body, line.parent);
    return checked(before, { ok: true, text, kind: 'removed', raw: null });
  }
  const isKnown = raw !== null && literalValue(raw) === wrapped;
  const text = bom + withValue(body, command.node, isKnown ? raw : JSON.stringify(wrapped));
  return checked(before, { ok: true, text, kind: 'restored', raw: null });
}

/** The literal may contain escapes of its own. */
function literalValue(raw: string): unknown {
  const parsed = parseJsonc(raw);
  return parsed.ok && parsed.root !== null ? getNodeValue(parsed.root) : undefined;
}

function findCommand(line: JsoncNode): { node: JsoncNode; value: string } | null {
  if (line.type !== 'object') return null;
  const node = propertyValue(line, 'command');
  return node?.type === 'string' ? { node, value: String(node.value) } : null;
}

function withValue(body: string, node: JsoncNode, literal: string): string {
  return body.slice(0, node.offset) + literal + body.slice(getEnd(node));
}

/** Last safety check: nothing but the status line may differ. */
function checked(before: { body: string }, edit: StatuslineEdit): StatuslineEdit | EditFailure {
  const now = parseClientSettings(edit.text);
  const isSafe = now.ok && withoutLine(before.body) === withoutLine(now.body);
  return isSafe ? edit : editFailure('unsafe', 'is written in a way that cannot be edited safely');
}

function withoutLine(body: string): string {
  const parsed = parseJsonc(body);
  const value = parsed.ok && parsed.root !== null ? asObject(getNodeValue(parsed.root)) : null;
  const { statusLine: _line, ...others } = value ?? {};
  return JSON.stringify(others);
}
