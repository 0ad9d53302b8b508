import type { Agent } from '../types.ts';
import { answerText } from './answer.ts';
import { parseEvent } from './event.ts';
import { transcripts } from './source.ts';

export const claudeCode: Agent = {
  name: 'claude-code',
  title: 'Claude Code',
  parseEvent,
  answerText,
  sources: [transcripts],
  writesLate: true,
};
