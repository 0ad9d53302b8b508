import type { Agent, AgentSetup } from '../types.ts';
import { parseOpenCodeEvent } from './event.ts';
import { openCodeInstaller } from './install.ts';
import { openCodeConfig, openCodeData } from './place.ts';
import { messages } from './rows.ts';

export const openCode: Agent = {
  name: 'opencode',
  title: 'OpenCode',
  sources: [messages],
  parseEvent: parseOpenCodeEvent,
  /** Its plugin only records: OpenCode waits for no answer. */
  answerText: () => null,
  writesLate: false,
};

export const openCodeSetup: AgentSetup = {
  installer: openCodeInstaller,
  folders: (place) => [openCodeData(place), openCodeConfig(place)],
  programs: ['opencode'],
  canRefuse: false,
  shows: { subagents: true, branch: false, toolCalls: false },
  coverage: [
    "The request for a session's title is in no table.",
    'Cache writes over Chat Completions are counted as input.',
    'The model that answered is not logged: a request has the model that was asked for.',
    'The tools that a request called are not in its row.',
    'The branch is not logged.',
    'Sessions of versions before 1.2 are read once OpenCode has moved them into its database.',
  ],
};
