import { type JsonObject, asArray, asObject, asText, parseJson } from '../../core/lang/json.ts';
import { parseOwnCommand } from '../shared/own-command.ts';
import type { AgentInstaller } from '../installer.ts';
import { stateFolder } from './place.ts';

/** In PascalCase, because an event registered in camelCase does not contain its name. */
const EVENTS = [
  'PostToolUse',
  'PostToolUseFailure',
  'Stop',
  'SubagentStop',
  'SessionEnd',
  'SessionStart',
];
const TIMEOUT_SECONDS = 30;

/** Copilot CLI reads every file of its `hooks` folder, so ours is a file of its own. */
export const copilotInstaller: AgentInstaller = {
  files: (place) => [`${stateFolder(place)}/hooks/tallyhook.json`],
  add(_path, text, command) {
    if (text === null) return print({ version: 1, hooks: ownHooks(command) });
    const { file, others, ownCount } = read(text);
    // A file of this name without a hook of ours is somebody else's.
    if (ownCount === 0) return null;
    const hooks = { ...others };
    for (const [event, own] of Object.entries(ownHooks(command))) {
      hooks[event] = [...own, ...(others[event] ?? [])];
    }
    const wanted = print({ ...file, hooks });
    return wanted === text ? null : wanted;
  },
  remove(_path, text) {
    const { file, others, ownCount } = read(text);
    if (ownCount === 0) return text;
    return Object.keys(others).length === 0 ? null : print({ ...file, hooks: others });
  },
  commands: (_path, text) =>
    Object.values(asObject((asObject(parseJson(text)) ?? {})['hooks']) ?? {})
      .flatMap(asArray)
      .filter(isOwnEntry)
      .map((entry) => asText(asObject(entry)?.['bash']) ?? ''),
  manualSteps: () => [],
};

function ownHooks(command: string): Record<string, unknown[]> {
  const entry = { type: 'command', bash: command, timeoutSec: TIMEOUT_SECONDS };
  return Object.fromEntries(EVENTS.map((event) => [event, [entry]]));
}

function print(file: JsonObject): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The hooks that somebody added to our file, and how many are ours. */
function read(text: string): {
  file: JsonObject;
  others: Record<string, unknown[]>;
  ownCount: number;
} {
  const file = asObject(parseJson(text)) ?? {};
  const others: Record<string, unknown[]> = {};
  let ownCount = 0;
  for (const [event, list] of Object.entries(asObject(file['hooks']) ?? {})) {
    const rest = asArray(list).filter((entry) => !isOwnEntry(entry));
    ownCount += asArray(list).length - rest.length;
    if (rest.length > 0) others[event] = rest;
  }
  return { file, others, ownCount };
}

function isOwnEntry(entry: unknown): boolean {
  const command = asText(asObject(entry)?.['bash']);
  return command !== null && parseOwnCommand(command) !== null;
}
