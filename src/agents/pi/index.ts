import type { Agent, AgentSetup } from '../types.ts';
import { parsePiEvent } from './event.ts';
import { piInstaller } from './install.ts';
import { sessionLines } from './lines.ts';
import { piFolder } from './place.ts';

export const pi: Agent = {
  name: 'pi',
  title: 'Pi',
  sources: [sessionLines],
  parseEvent: parsePiEvent,
  /** Its extension only records: Pi waits for no answer. */
  answerText: () => null,
  writesLate: false,
};

export const piSetup: AgentSetup = {
  installer: piInstaller,
  folders: (place) => [piFolder(place)],
  // `pi` may be any program.
  programs: [],
  canRefuse: false,
  shows: { subagents: false, branch: false, toolCalls: true },
  coverage: [
    'Where a request both reads and writes the cache, Pi logs too few tokens as read and too many as input.',
    'The requests for compactions and branch summaries have no usage in the log.',
    'The model that answered is not logged: a request has the model that was asked for.',
    'Thinking is not logged apart from the output.',
    'The branch and the version of Pi are not logged.',
  ],
};
