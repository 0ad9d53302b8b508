import type { Agent, AgentSetup } from '../types.ts';
import { parseCopilotEvent } from './event.ts';
import { copilotInstaller } from './install.ts';
import { stateFolder } from './place.ts';
import { usageEvents } from './rows.ts';

export const copilot: Agent = {
  name: 'copilot',
  title: 'GitHub Copilot CLI',
  eventSign: /"transcript_?[pP]ath"\s*:\s*"[^"]*[/\\]\.copilot[/\\]/,
  sources: [usageEvents],
  parseEvent: parseCopilotEvent,
  /** Its hooks only record: a budget can't end a turn before its next request. */
  answerText: () => null,
  writesLate: false,
};

export const copilotSetup: AgentSetup = {
  installer: copilotInstaller,
  folders: (place) => [stateFolder(place)],
  // `copilot` may also be the tool of AWS.
  programs: [],
  canRefuse: false,
  shows: { subagents: true, branch: true, toolCalls: false },
  coverage: [
    'The model that answered is not logged: a request has the model that was asked for.',
    'Sessions of versions that did not yet store usage events have no requests.',
    'The tools that a request called are not in the store.',
    'The client version is not in the store.',
  ],
};
