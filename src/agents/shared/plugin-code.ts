import { asText, parseJson } from '../../core/lang/json.ts';

/** The first line of a plugin of ours, by which it is recognised. */
const MARK = '// Written by tallyhook; `tallyhook uninstall` removes this file.';
const COMMAND_START = 'const COMMAND = ';

/**
 * Words with which a line of a plugin begins. Written out, checks of our own bundles take such a line for
 * one of the bundle.
 */
export const KEYWORDS = { import: 'import', export: 'export' };

/**
 * The first lines of a plugin, in JavaScript: a function `start(event)` that runs the command with the
 * event on its stdin. It waits for nothing and ignores every failure.
 */
export function pluginHead(command: string): string {
  return `${MARK}
${KEYWORDS.import} { spawn } from "node:child_process";

${COMMAND_START}${JSON.stringify(command)};

const start = (event) => {
  try {
    const child = spawn(COMMAND, {
      shell: true,
      // In a group of its own, so that interrupting the agent does not interrupt it.
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.on('error', () => {});
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(event));
    child.unref();
  } catch {}
};
`;
}

export function isOwnPlugin(text: string): boolean {
  return text.startsWith(MARK);
}

/** The command line that a plugin of ours runs; none in another file. */
export function pluginCommands(_path: string, text: string): string[] {
  const line = text.split('\n').find((one) => one.startsWith(COMMAND_START));
  if (!isOwnPlugin(text) || line === undefined) return [];
  const command = asText(parseJson(line.slice(COMMAND_START.length).replace(/;\s*$/, '')));
  return command === null ? [] : [command];
}
