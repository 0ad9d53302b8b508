import { type AgentWithSetup, OTHER_AGENTS } from '../../agents/registry.ts';
import { shellCommand } from '../../agents/shared/own-command.ts';
import { pathList } from '../../core/lang/path-list.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { unifiedDiff } from '../../render/text/unified-diff.ts';
import { isOnMachine } from '../../sources/machine/found-agents.ts';
import { agentPlace, hookFilePath } from '../../sources/machine/paths.ts';
import {
  type AgentPlan,
  applyAgentEdit,
  planAgentHooks,
} from '../../sources/settings/agent-files.ts';
import { installRecordPath } from '../../sources/settings/install-record.ts';

/** What init would change in the files of one agent. */
export interface PlannedAgent extends AgentWithSetup {
  plan: AgentPlan;
}

export function foundAgents(): AgentWithSetup[] {
  return OTHER_AGENTS.filter(({ setup }) => isOnMachine(setup, process.env));
}

/** Claude Code's command line, which names the agent too. */
function hookCommand(name: string): string {
  return shellCommand([process.execPath, hookFilePath(), '--agent', name]);
}

/**
 * Plans for all agents. One whose files can't be edited does not keep the others from being set up.
 * @throws UserError for such an agent if the user named it
 */
export function planAgents(
  agents: readonly AgentWithSetup[],
  { isNamed, hasBudgets }: { isNamed: boolean; hasBudgets: boolean },
): { planned: PlannedAgent[]; failed: string[] } {
  const planned: PlannedAgent[] = [];
  const failed: string[] = [];
  for (const { agent, setup } of agents) {
    const options = { isEnforcing: hasBudgets };
    try {
      const command = hookCommand(agent.name);
      const plan = planAgentHooks(setup.installer, process.env, command, options);
      planned.push({ agent, setup, plan });
    } catch (error) {
      if (isNamed || !(error instanceof UserError)) throw error;
      failed.push(`${agent.title} was skipped: ${error.message}`);
    }
  }
  return { planned, failed };
}

export function agentDiff({ plan }: PlannedAgent): string {
  return plan.edits.map(({ file, after }) => unifiedDiff(file.path, file.text, after)).join('');
}

/** The files that init would create on an empty machine, each with its path. */
export function agentFilesText(agents: readonly AgentWithSetup[], hasBudgets: boolean): string {
  const files = agents.flatMap(({ agent, setup: { installer } }) =>
    installer.files(agentPlace(process.env)).flatMap((path) => {
      const options = { isEnforcing: hasBudgets };
      const text = installer.add(path, null, hookCommand(agent.name), options);
      return text === null ? [] : [{ path, text }];
    }),
  );
  if (files.length === 1) return files[0]?.text ?? '';
  return files.map(({ path, text }) => `==> ${path} <==\n${text}`).join('\n');
}

/** Writes the files of one agent. @returns what was done, one line each */
export function applyAgent({ agent, setup, plan }: PlannedAgent): string[] {
  const recordPath = installRecordPath(process.env);
  const lines: string[] = [];
  const added: string[] = [];
  const updated: string[] = [];
  const backups: string[] = [];
  for (const edit of plan.edits) {
    const backup = applyAgentEdit(edit, recordPath, new Date());
    (edit.hadOurs ? updated : added).push(edit.file.path);
    if (backup !== null) backups.push(backup);
  }
  if (added.length > 0) lines.push(`${agent.title}: added hooks to ${pathList(added)}.`);
  if (updated.length > 0) lines.push(`${agent.title}: updated hooks in ${pathList(updated)}.`);
  if (plan.edits.length === 0 && plan.registered.length > 0) {
    lines.push(`${agent.title}: ${pathList(plan.registered)} already has the hooks.`);
  }
  for (const backup of backups) lines.push(`Backup of the previous file: ${backup}`);
  lines.push(...refusedLines(agent.title, plan.refused));
  if (plan.edits.length > 0 || plan.refused.length > 0) {
    const steps = setup.installer.manualSteps(agentPlace(process.env), plan.refused);
    for (const step of steps) lines.push(`${agent.title}, to do by hand: ${step}`);
  }
  return lines;
}

export function refusedLines(title: string, paths: readonly string[]): string[] {
  return paths.map(
    (path) => `${title}: ${path} is not tallyhook's or can't be edited; it was left unchanged.`,
  );
}

/** What a budget can do with these agents. */
export function agentBudgetLines(agents: readonly AgentWithSetup[]): string[] {
  const titles = (canRefuse: boolean): string =>
    agents
      .filter(({ setup }) => setup.canRefuse === canRefuse)
      .map(({ agent }) => agent.title)
      .join(', ');
  const [stopped, warned] = [titles(true), titles(false)];
  return [
    ...(stopped === '' ? [] : [`Budgets can also stop ${stopped}.`]),
    ...(warned === ''
      ? []
      : [`Budgets can only warn about ${warned}: hooks can't refuse work there.`]),
  ];
}
