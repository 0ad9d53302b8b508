import type { Agent, AgentSetup } from '../types.ts';
import { parseClineEvent } from './event.ts';
import { clineInstaller } from './install.ts';
import { sessionMessages } from './messages.ts';
import { clineFolder } from './place.ts';

export const cline: Agent = {
  name: 'cline',
  title: 'Cline',
  eventSign: /"hookName"\s*:[^]*"taskId"\s*:|"taskId"\s*:[^]*"hookName"\s*:/,
  sources: [sessionMessages],
  parseEvent: parseClineEvent,
  /** Our hooks only record: the script answers for them. */
  answerText: () => null,
  writesLate: false,
};

export const clineSetup: AgentSetup = {
  installer: clineInstaller,
  folders: (place) => [clineFolder(place)],
  programs: ['cline'],
  canRefuse: false,
  shows: { subagents: true, branch: false, toolCalls: true },
  coverage: [
    'Cache writes over Chat Completions are counted as input.',
    'The model that answered is not logged: a request has the model that was asked for.',
    'The branch is not logged.',
    'Messages that a compaction removed before they were read are lost.',
    'Tasks of the editor extension are in files of another format.',
  ],
};
