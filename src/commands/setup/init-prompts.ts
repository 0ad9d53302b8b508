// What init asks a person at a terminal. Loaded only then.
import { cancel, confirm, isCancel, select } from '@clack/prompts';
import { printable } from '../../core/lang/printable.ts';
import { CheckFailed } from '../../core/lang/user-error.ts';
import { formatCount, plural } from '../../render/text/number-format.ts';
import type { RegistrationPlan } from '../../sources/settings/client-settings.ts';
import { readTextFile } from '../../sources/files/text.ts';
import { write } from '../session/io.ts';
import type { History } from './init-history.ts';
import { type Scope, isScopeNamed, parseSettingsScope } from '../flags/settings-scope.ts';

const SCOPE_LABELS: Record<Scope, string> = {
  user: 'yours, for every project',
  local: 'yours, for this folder alone',
  project: "this folder's, for everybody who works in it",
};

/** Which settings, where no flag has said it. */
export async function askScope(
  flags: Parameters<typeof parseSettingsScope>[0],
  paths: Record<Scope, () => string>,
): Promise<Scope> {
  if (isScopeNamed(flags)) return parseSettingsScope(flags);
  const options = (['user', 'local', 'project'] as const).map((value) => {
    const path = paths[value]();
    const state = readTextFile(path) === null ? ', not there yet' : '';
    return { value, label: SCOPE_LABELS[value], hint: printable(`${path}${state}`) };
  });
  const message = "Which of Claude Code's settings get the hooks?";
  return answered(await select({ message, options, initialValue: 'user' }));
}

/** @param plan without the status line */
export async function askStatusline({ file, edit }: RegistrationPlan): Promise<boolean> {
  const line = /"statusLine"/.test(edit.text);
  // One of ours is brought up to date unasked.
  if (/dist\/hooks\/statusline\.cjs|tallyhook-statusline/.test(file.text ?? '')) return false;
  const message = line
    ? 'There is a status line. Show the cost below it?'
    : "Show the session's and today's cost in the status line?";
  return answered(await confirm({ message, initialValue: !line }));
}

/** The difference is shown as it is: in a box its long lines would break. */
export async function askToWrite(diff: string): Promise<boolean> {
  write(`\n${diff}\n`);
  return answered(await confirm({ message: 'Write this? A copy of the file as it is is kept.' }));
}

export async function askToImport({ files, bytes }: History): Promise<boolean> {
  const size = bytes < 1e6 ? 'less than a megabyte' : `${formatCount(Math.round(bytes / 1e6))} MB`;
  const message = `Sessions before today: ${plural(files, 'transcript')} (${size}). Read them now?`;
  return answered(await confirm({ message }));
}

/** @throws CheckFailed where it was cancelled (Ctrl-C): what was not written yet is not */
function answered<T>(answer: T): Exclude<T, symbol> {
  if (!isCancel(answer)) return answer as Exclude<T, symbol>;
  cancel('Cancelled.');
  throw new CheckFailed('cancelled');
}

export async function askToPurge(files: string[]): Promise<boolean> {
  write(`\n${files.map((file) => `  ${printable(file)}\n`).join('')}\n`);
  const message =
    'Delete these, with every recorded cost? Transcripts that still exist can be read again.';
  return answered(await confirm({ message, initialValue: false }));
}
