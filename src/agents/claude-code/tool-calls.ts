import type { ToolCall } from '../../core/transcript/entry.ts';
import { type JsonObject, asArray, asObject, asText } from '../../core/lang/json.ts';

/** The tools that start a subagent: `Task` was renamed to `Agent`. */
const SPAWNING: ReadonlySet<string> = new Set(['Agent', 'Task']);

/** The tool calls of a line. Causes that Claude Code states take precedence over what the names suggest. */
export function parseToolCalls(content: unknown, line: JsonObject): ToolCall[] {
  const calls: ToolCall[] = [];
  for (const item of asArray(content)) {
    const block = asObject(item);
    if (block?.['type'] !== 'tool_use') continue;
    const toolUseId = asText(block['id']);
    const name = asText(block['name']);
    if (toolUseId === null || name === null) continue;
    const input = asObject(block['input']);
    const isMcp = name.startsWith('mcp__');
    calls.push({
      toolUseId,
      name,
      mcpServer: isMcp ? (parseMcpServer(name) ?? asText(line['attributionMcpServer'])) : null,
      skill:
        (name === 'Skill' ? asText(input?.['skill']) : null) ?? asText(line['attributionSkill']),
      plugin: asText(line['attributionPlugin']),
      filePath: asText(input?.['file_path']) ?? asText(input?.['notebook_path']),
      subagentType: SPAWNING.has(name) ? asText(input?.['subagent_type']) : null,
      commandWord: name === 'Bash' ? commandWord(input?.['command']) : null,
    });
  }
  return calls;
}

/** `mcp__SERVER__tool` names its server. */
function parseMcpServer(toolName: string): string | null {
  const end = toolName.indexOf('__', 5);
  return end > 5 ? toolName.slice(5, end) : null;
}

/** Wrappers: words that only affect how the next word is run. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'sudo',
  'env',
  'time',
  'timeout',
  'nice',
  'nohup',
  'exec',
  'command',
]);
/**
 * What may precede the program: comments, brackets, assignments, and a `cd`, which only changes the folder.
 */
const LEADING = [
  String.raw`#[^\n]*\n`,
  String.raw`[({]`,
  String.raw`\w+=(?:"[^"]*"|'[^']*'|[^\s;&|]*)\s`,
  String.raw`cd\s+(?:"[^"]*"|'[^']*'|[^\s;&|]+)\s*(?:&&|;)`,
];
const LEAD = new RegExp(`^\\s*(?:(?:${LEADING.join('|')})\\s*)+`);
/** How much of a command is searched for its first word. */
const MAX_COMMAND_CHARS = 2000;

/**
 * The program that a shell command starts, without its folder: the first word that is not an assignment, a
 * wrapper or `cd`. Null if that is not a plain word, such as an option of a wrapper.
 */
export function commandWord(command: unknown): string | null {
  if (typeof command !== 'string') return null;
  const rest = command.slice(0, MAX_COMMAND_CHARS).replace(LEAD, '');
  for (const word of rest.split(/\s+/)) {
    // `timeout 10s`, and assignments after `env`.
    if (word === '' || WRAPPERS.has(word) || /^(?:\w+=.*|\d+[smhd]?)$/.test(word)) continue;
    const name = word.replace(/^.*\//, '').replace(/[;&|)]+$/, '');
    return /^[\w.][\w.+-]{0,63}$/.test(name) ? name : null;
  }
  return null;
}
