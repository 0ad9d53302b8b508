import type { AgentInstaller } from '../installer.ts';
import { clineFolder } from './place.ts';

/** The second line of a script of ours, by which it is recognised. */
const MARK = '# Written by tallyhook; `tallyhook uninstall` removes this file.';
const EVENTS = ['PostToolUse', 'TaskComplete', 'TaskCancel', 'TaskError', 'SessionShutdown'];
const QUIET = ' >/dev/null 2>&1';
const EXECUTABLE = 0o755;

/** Cline runs one executable for each event, by its name, so a hook of the user's own comes first. */
export const clineInstaller: AgentInstaller = {
  files: (place) => EVENTS.map((event) => `${clineFolder(place)}/hooks/${event}`),
  add(_path, text, command) {
    if (text !== null && !isOwnScript(text)) return null;
    const wanted = scriptText(command);
    return wanted === text ? null : wanted;
  },
  remove: (_path, text) => (isOwnScript(text) ? null : text),
  commands: (_path, text) =>
    isOwnScript(text) ? [(text.split('\n', 3)[2] ?? '').slice(0, -QUIET.length)] : [],
  manualSteps: (_place, refused) =>
    refused.map(
      (path) =>
        `Cline runs one file per event, so call tallyhook's hook from ${path} with the same input.`,
    ),
  mode: EXECUTABLE,
};

/** Cline reads an answer from the output, so the command's own is not shown. */
function scriptText(command: string): string {
  return `#!/bin/sh
${MARK}
${command}${QUIET}
echo '{"cancel": false}'
`;
}

function isOwnScript(text: string): boolean {
  return text.split('\n', 2)[1] === MARK;
}
