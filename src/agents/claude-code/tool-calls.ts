import { commandWord } from '../shared/command-word.ts';
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
