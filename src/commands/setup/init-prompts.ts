// The questions of init, loaded only on a terminal.
import { cancel, confirm, isCancel, multiselect, select } from '@clack/prompts';
import { claudeCode } from '../../agents/claude-code/index.ts';
import type { AgentWithSetup } from '../../agents/registry.ts';
import { printable } from '../../core/lang/printable.ts';
import { CheckFailed } from '../../core/lang/user-error.ts';
import { clientFilesList } from '../../render/text/client-files.ts';
import { formatCount, plural } from '../../render/text/number-format.ts';
import type { RegistrationPlan } from '../../sources/settings/client-settings.ts';
import { readTextFile } from '../../sources/files/text.ts';
import { write } from '../session/io.ts';
import type { History } from './init-history.ts';
import type { ChosenAgents } from '../flags/agent-names.ts';
import { type Scope, isScopeNamed, parseSettingsScope } from '../flags/settings-scope.ts';

const SCOPE_LABELS: Record<Scope, string> = {
  user: 'Only me, all projects',
  local: 'Only me, only this project',
  project: 'Everyone on this project (committed)',
};

/** Claude Code and the agents that were found; those that are on this machine are ticked. */
export async function askAgents(
  found: AgentWithSetup[],
  hasClaudeCode: boolean,
): Promise<ChosenAgents> {
  const agents = [claudeCode, ...found.map(({ agent }) => agent)];
  const options = agents.map(({ name, title }) => ({ value: name, label: title }));
  const initialValues = options
    .map(({ value }) => value)
    .filter((value) => hasClaudeCode || value !== claudeCode.name);
  const message = 'Install hooks for which agents? (space ticks, enter continues)';
  const names = answered(await multiselect({ message, options, initialValues, required: true }));
  return {
    claudeCode: names.includes(claudeCode.name),
    others: found.filter(({ agent }) => names.includes(agent.name)),
  };
}

/** The settings to change: those that a flag names, or else the answer to a question. */
export async function askScope(
  flags: Parameters<typeof parseSettingsScope>[0],
  paths: Record<Scope, () => string[]>,
): Promise<Scope> {
  if (isScopeNamed(flags)) return parseSettingsScope(flags);
  const options = (['user', 'local', 'project'] as const).map((value) => {
    const files = paths[value]().map((path) => {
      return readTextFile(path) === null ? `${path} (new file)` : path;
    });
    return { value, label: SCOPE_LABELS[value], hint: printable(files.join(', ')) };
  });
  const message = 'Install hooks where?';
  return answered(await select({ message, options, initialValue: 'user' }));
}

/** @param plans without the status line */
export async function askStatusline(plans: RegistrationPlan[]): Promise<boolean> {
  const line = plans.some(({ edit }) => /"statusLine"/.test(edit.text));
  // A status line of tallyhook is updated without a question.
  const isOurs = /dist\/hooks\/statusline\.cjs|tallyhook-statusline/;
  if (plans.every(({ file }) => isOurs.test(file.text ?? ''))) return false;
  const message = line
    ? 'You have a status line. Show the cost below it?'
    : "Show the session's and today's cost in the status line?";
  return answered(await confirm({ message, initialValue: !line }));
}

/** The diff is printed without a box, which would break its long lines. */
export async function askToWrite(diff: string): Promise<boolean> {
  write(`\n${diff}\n`);
  return answered(
    await confirm({ message: 'Apply these changes? The current file is backed up first.' }),
  );
}

export async function askToImport({ files, clients, bytes }: History): Promise<boolean> {
  const size = bytes < 1e6 ? 'less than a megabyte' : `${formatCount(Math.round(bytes / 1e6))} MB`;
  const about = [clientFilesList(clients), size].filter((part) => part !== null).join('; ');
  const message = `Found ${plural(files, 'transcript')} (${about}). Read them now?`;
  return answered(await confirm({ message }));
}

/** @throws CheckFailed if the user cancelled (Ctrl-C): nothing more is written */
function answered<T>(answer: T): Exclude<T, symbol> {
  if (!isCancel(answer)) return answer as Exclude<T, symbol>;
  cancel('Cancelled.');
  throw new CheckFailed('cancelled');
}

export async function askToPurge(files: string[]): Promise<boolean> {
  write(`\n${files.map((file) => `  ${printable(file)}\n`).join('')}\n`);
  const message =
    'Delete these files and every recorded cost? Transcripts that still exist can be read again.';
  return answered(await confirm({ message, initialValue: false }));
}
