import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { type AgentWithSetup, OTHER_AGENTS } from '../agents/registry.ts';
import { parseOwnCommand } from '../agents/shared/own-command.ts';
import { type Finding, failure, ok, warning } from '../core/finding.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import { pathList } from '../core/lang/path-list.ts';
import { openTextFile } from '../sources/files/text.ts';
import { isOnMachine } from '../sources/machine/found-agents.ts';
import { type Environment, agentPlace } from '../sources/machine/paths.ts';
import { hasOurs } from '../sources/settings/agent-files.ts';
import { filesIn, searchPlaces } from '../sources/transcripts/places.ts';
import type { DoctorContext } from './context.ts';
import { withCount } from './plural.ts';

/** One of the files that register our hooks with an agent. */
interface AgentFile {
  path: string;
  text: string;
  /** `missing`: the agent has other files of ours, but lacks this one or some of its hooks. */
  state: 'complete' | 'missing' | 'absent' | 'foreign';
  commands: string[];
}

/** Checks every agent besides Claude Code that is on this machine or has hooks of ours. */
export function checkAgents({ env }: DoctorContext): Finding[] {
  return OTHER_AGENTS.flatMap((one) => {
    try {
      const files = readFiles(one, env);
      const isRegistered = files.some(isOurs);
      return isRegistered || isOnMachine(one.setup, env) ? checkAgent(one, files, env) : [];
    } catch (error) {
      const message = `${one.agent.title}: ${toErrorMessage(error)}`;
      return [failure('agents', message, liveImpact(one), `Correct it, then ${initOf(one)}`)];
    }
  });
}

/** Whether any agent besides Claude Code has hooks of ours. */
export function hasRegisteredAgent(env: Environment): boolean {
  return OTHER_AGENTS.some((one) => {
    try {
      return readFiles(one, env).some(isOurs);
    } catch {
      return false;
    }
  });
}

const isOurs = ({ commands }: AgentFile): boolean => commands.length > 0;

function readFiles({ setup: { installer } }: AgentWithSetup, env: Environment): AgentFile[] {
  return installer.files(agentPlace(env)).flatMap((path): AgentFile[] => {
    const { text } = openTextFile(path, null);
    const commands = text === null ? [] : installer.commands(path, text);
    const [command = 'tallyhook-hook'] = commands;
    // Hooks of ours keep their command, so a change means that some are missing.
    const after = installer.add(path, text, command, { isEnforcing: false });
    const isChanging = after !== null && after !== text;
    if (text === null) return isChanging ? [{ path, text: '', state: 'absent', commands }] : [];
    if (hasOurs(installer, path, text)) {
      return [{ path, text, state: isChanging ? 'missing' : 'complete', commands }];
    }
    return [{ path, text, state: isChanging ? 'absent' : 'foreign', commands }];
  });
}

function checkAgent(one: AgentWithSetup, files: AgentFile[], env: Environment): Finding[] {
  const { agent } = one;
  const history = `${withCount(filesIn(searchPlaces([agent], env).places).length, 'file')} of history`;
  const foreign = files.filter(({ state }) => state === 'foreign');
  const findings = foreign.map(({ path }) => {
    const message = `${agent.title}: ${path} is not tallyhook's, or can't be edited`;
    return warning('agents', message, liveImpact(one), `Move it away, then ${initOf(one)}`);
  });
  const own = files.filter(isOurs);
  if (own.length === 0) {
    if (foreign.length > 0) return findings;
    const message = `${agent.title} is on this machine (${history}), but has no tallyhook hooks`;
    return [warning('agents', message, liveImpact(one), initOf(one))];
  }
  const problems = [
    ...checkCommands(one, own),
    ...checkTrust(one, own, env),
    ...checkComplete(one, files),
  ];
  findings.push(...problems);
  if (problems.some(({ state }) => state === 'fail')) return findings;
  const where = pathList(own.map(({ path }) => path));
  return [ok('agents', `${agent.title}: hooks in ${where}; ${history}`), ...findings];
}

/** Node or tallyhook may have moved since init. */
function checkCommands(one: AgentWithSetup, own: AgentFile[]): Finding[] {
  const missing = own.flatMap(({ path, commands }) =>
    commands
      .flatMap((command) => parseOwnCommand(command)?.program ?? [])
      .filter((program) => isAbsolute(program) && !existsSync(program))
      .map((program) => `${path} names ${program}, which does not exist`),
  );
  return [...new Set(missing)].map((message) =>
    failure('agents', `${one.agent.title}: ${message}`, liveImpact(one), initOf(one)),
  );
}

function checkTrust(
  { agent, setup }: AgentWithSetup,
  own: AgentFile[],
  env: Environment,
): Finding[] {
  const { trust } = setup.installer;
  if (trust === undefined) return [];
  const trustPath = trust.path(agentPlace(env));
  const { text } = openTextFile(trustPath, null);
  const events = own.flatMap((file) => trust.untrustedEvents(file.path, file.text, text));
  if (events.length === 0) return [];
  const message = `${agent.title}: hooks are not trusted in ${trustPath}: ${events.join(', ')}`;
  const impact = `${agent.title} skips them without a message, so nothing is recorded live.`;
  return [failure('agents', message, impact, trust.fix)];
}

function checkComplete(one: AgentWithSetup, files: AgentFile[]): Finding[] {
  const paths = files.filter(({ state }) => state === 'missing' || state === 'absent');
  if (paths.length === 0) return [];
  const names = pathList(paths.map(({ path }) => path));
  const impact = 'What these events report is recorded later, with the next event or command.';
  return [
    warning('agents', `${one.agent.title}: hooks are missing in ${names}`, impact, initOf(one)),
  ];
}

function liveImpact({ agent }: AgentWithSetup): string {
  return `Nothing of ${agent.title} is recorded live; reports still read the files that it keeps.`;
}

function initOf({ agent }: AgentWithSetup): string {
  return `tallyhook init --agent ${agent.name}`;
}
