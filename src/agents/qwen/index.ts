import type { AgentSource } from '../source.ts';
import { qwenAnswerText } from './answer.ts';
import { qwenChats } from './chats.ts';
import { parseQwenEvent } from './event.ts';
import { qwenInstaller } from './install.ts';

const sources: AgentSource[] = [qwenChats];

export const qwen = {
  name: 'qwen',
  title: 'Qwen Code',
  sources,
  parseEvent: parseQwenEvent,
  answerText: qwenAnswerText,
  installer: qwenInstaller,
  /** A response may reach the chat after the hook of its tool, and after Stop. */
  writesLate: true,
  coverage: [
    'Cache writes: Qwen Code does not log them, so they are counted as input.',
    'The provider that served a request: a chat names only the model.',
  ],
};
