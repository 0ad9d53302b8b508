import type { Agent, AgentSetup } from '../types.ts';
import { droidAnswerText } from './answer.ts';
import { sessionCounters } from './counter.ts';
import { parseDroidEvent } from './event.ts';
import { droidInstaller } from './install.ts';
import { factoryFolder } from './place.ts';

export const droid: Agent = {
  name: 'droid',
  title: 'Factory droid',
  eventSign: /"transcript_path"\s*:\s*"[^"]*[/\\]\.factory[/\\]/,
  sources: [sessionCounters],
  parseEvent: parseDroidEvent,
  answerText: droidAnswerText,
  writesLate: false,
};

export const droidSetup: AgentSetup = {
  installer: droidInstaller,
  folders: (place) => [factoryFolder(place)],
  programs: ['droid'],
  canRefuse: true,
  shows: { subagents: false, branch: false, toolCalls: false },
  coverage: [
    'Single requests are not logged: each record is the rise of a counter between two looks at it.',
    'A session that is only imported has one record, with the model that it used last.',
    'Cache writes over Chat Completions are counted as input.',
    'The tools that a request called and its branch are not logged with its tokens.',
    'A subagent is counted if it has a session file of its own.',
  ],
};
