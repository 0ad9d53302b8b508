import { parseJsonc, propertyValue } from '../jsonc/parse.ts';
import type { AgentInstaller } from '../installer.ts';
import {
  type HookGroup,
  addHookGroups,
  groupCommands,
  removeHookGroups,
} from '../shared/hook-groups.ts';
import { factoryFolder } from './place.ts';

interface DroidHook {
  event: string;
  /** For events with a matcher: matches every tool. */
  matcher?: '*';
}

const RECORDING: readonly DroidHook[] = [
  { event: 'PostToolUse', matcher: '*' },
  { event: 'Stop' },
  { event: 'SubagentStop' },
  { event: 'SessionEnd' },
  { event: 'SessionStart' },
];
/** A budget also asks before a tool, which is why each call then starts two hooks. */
const ENFORCING: readonly DroidHook[] = [
  { event: 'UserPromptSubmit' },
  { event: 'PreToolUse', matcher: '*' },
];
const TIMEOUT_SECONDS = 10;
const HOOKS_FILE = /\/hooks\.json$/;

/**
 * Newer versions read `hooks.json`, and the hooks in `settings.json` only where that file is missing. It
 * must not appear because of ours: the hooks in `settings.json` would no longer run.
 */
export const droidInstaller: AgentInstaller = {
  files(place) {
    const folder = factoryFolder(place);
    return [`${folder}/settings.json`, `${folder}/hooks.json`];
  },
  add(path, text, command, { isEnforcing }) {
    if (text === null && HOOKS_FILE.test(path)) return null;
    const hooks = isEnforcing ? [...RECORDING, ...ENFORCING] : RECORDING;
    const groups = hooks.map((hook) => hookGroup(hook, command));
    return addHookGroups(text, keyOf(path, text ?? ''), groups);
  },
  remove: (path, text) => removeHookGroups(text, keyOf(path, text)),
  commands: (path, text) => groupCommands(text, keyOf(path, text)),
  manualSteps: () => [],
};

function hookGroup({ event, matcher }: DroidHook, command: string): HookGroup {
  const hooks = [{ type: 'command', command, timeout: TIMEOUT_SECONDS }];
  return { event, group: matcher === undefined ? { hooks } : { matcher, hooks } };
}

/** `hooks.json` has the events at its top, or like the settings in `hooks`. */
function keyOf(path: string, text: string): 'hooks' | null {
  if (!HOOKS_FILE.test(path)) return 'hooks';
  const parsed = parseJsonc(text.replace(/^\uFEFF/, ''));
  const root = parsed.ok ? parsed.root : null;
  return root?.type === 'object' && propertyValue(root, 'hooks') !== undefined ? 'hooks' : null;
}
