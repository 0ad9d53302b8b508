import { asText } from '../../core/lang/json.ts';
import type { ToolCall, ToolResult } from '../../core/transcript/entry.ts';
import { commandWord } from '../claude-code/tool-calls.ts';

/** @param about the file that it names, or the command line that it runs; null where it has none */
export function toolCall(
  toolUseId: string,
  name: string,
  about: { file: unknown; command: unknown },
): ToolCall {
  return {
    toolUseId,
    name,
    mcpServer: null,
    skill: null,
    plugin: null,
    filePath: asText(about.file),
    commandWord: commandWord(about.command),
  };
}

export function toolResult(toolUseId: string, isFailed: boolean): ToolResult {
  return { toolUseId, isFailed, durationMs: null, agentId: null, agentType: null };
}
