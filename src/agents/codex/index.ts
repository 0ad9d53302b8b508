import type { Agent, AgentSetup } from '../types.ts';
import { codexAnswerText } from './answer.ts';
import { parseCodexEvent } from './event.ts';
import { codexInstaller } from './install.ts';
import { codexHome, rollouts } from './rollout.ts';

export const codex: Agent = {
  name: 'codex',
  title: 'Codex CLI',
  eventSign: /"turn_id"\s*:/,
  sources: [rollouts],
  parseEvent: parseCodexEvent,
  answerText: codexAnswerText,
  /** Before a tool a request may be on its way to the rollout; at Stop all of them are in it. */
  writesLate: false,
};

export const codexSetup: AgentSetup = {
  installer: codexInstaller,
  folders: (place) => [codexHome(place)],
  programs: ['codex'],
  canRefuse: true,
  shows: { subagents: true, branch: true, toolCalls: true },
  coverage: [
    'The model that answered: a rollout names only the model that was asked for.',
    'Single requests of Codex before 0.160: they are recorded as increases of a counter.',
    'Requests of sessions that were run with --ephemeral: they have no rollout.',
  ],
};
