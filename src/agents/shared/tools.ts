import { asText } from '../../core/lang/json.ts';
import type { ToolCall } from '../../core/transcript/entry.ts';
import { commandWord } from './command-word.ts';
import { toolCall } from './entries.ts';

/** @param about the file that it names, or the command line that it runs; null where it has none */
export function toolCallAbout(
  toolUseId: string,
  name: string,
  about: { file: unknown; command: unknown },
): ToolCall {
  const filePath = asText(about.file);
  return toolCall(toolUseId, name, { filePath, commandWord: commandWord(about.command) });
}
