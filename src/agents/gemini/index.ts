import type { Agent, AgentSetup } from '../types.ts';
import { geminiAnswerText } from './answer.ts';
import { chats, geminiFolder, oldChats } from './chats.ts';
import { parseGeminiEvent } from './event.ts';
import { geminiInstaller } from './install.ts';

export const gemini: Agent = {
  name: 'gemini',
  title: 'Gemini CLI',
  eventSign: /"hook_event_name"\s*:\s*"(?:(?:Before|After)(?:Tool|Agent|Model)|PreCompress)"/,
  sources: [chats, oldChats],
  parseEvent: parseGeminiEvent,
  answerText: geminiAnswerText,
  /** A response is on disk before its tools run, and before AfterAgent. */
  writesLate: false,
};

export const geminiSetup: AgentSetup = {
  installer: geminiInstaller,
  folders: (place) => [geminiFolder(place)],
  programs: ['gemini'],
  canRefuse: true,
  shows: { subagents: true, branch: false, toolCalls: true },
  coverage: [
    'The model that answered: a chat names only the model that was asked for.',
    'Empty responses that Gemini CLI tries again: they are in no chat.',
    'The requests that sum a chat up to compress it: they are in no chat.',
    'The git branch: no chat names it.',
    'The project folder of chats before 0.39: only its hash is in the path.',
    'The version of Gemini CLI: no chat names it.',
  ],
};
