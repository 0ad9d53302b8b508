import type { Agent, AgentSetup } from '../types.ts';
import { qwenAnswerText } from './answer.ts';
import { qwenChats, qwenHome } from './chats.ts';
import { parseQwenEvent } from './event.ts';
import { qwenInstaller } from './install.ts';

export const qwen: Agent = {
  name: 'qwen',
  title: 'Qwen Code',
  eventSign: /"transcript_path"\s*:\s*"[^"]*[/\\]\.qwen[/\\]/,
  sources: [qwenChats],
  parseEvent: parseQwenEvent,
  answerText: qwenAnswerText,
  /** A response may reach the chat after the hook of its tool, and after Stop. */
  writesLate: true,
};

export const qwenSetup: AgentSetup = {
  installer: qwenInstaller,
  folders: (place) => [qwenHome(place)],
  programs: ['qwen'],
  canRefuse: true,
  shows: { subagents: true, branch: true, toolCalls: true },
  coverage: [
    'Cache writes: Qwen Code does not log them, so they are counted as input.',
    'The provider that served a request: a chat names only the model.',
  ],
};
