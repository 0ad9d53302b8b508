import type { RegistrationPlan } from '../../sources/settings/client-settings.ts';
import type { Scope } from '../flags/settings-scope.ts';

export function budgetReport(asks: boolean): string[] {
  const asking = asks
    ? 'PreToolUse is among them because a budget asks: a second start of Node at each tool call.'
    : 'No budget asks (--action ask), so PreToolUse is not among them; run this again for one that does.';
  return [
    'A budget that is spent now stops the work: tallyhook budget set NAME --limit 20',
    asking,
  ];
}

const WARNINGS = {
  disabled: 'But "disableAllHooks" is true there: no hook runs until it goes.',
  'not-strict-json':
    'But it has comments or trailing commas: Claude Code ignores the whole file until they go.',
};

const STATUSLINE: Partial<Record<RegistrationPlan['statusline'], string>> = {
  added: 'The status line is ours.',
  wrapped: 'The status line that was there is kept; ours is below it.',
  updated: 'The status line was brought up to date.',
};

/** What init did, a line each. */
export function initReport(
  { file, edit, statusline }: RegistrationPlan,
  backup: string | null,
  scope: Scope,
): string[] {
  const done = [];
  if (edit.events.length > 0) done.push(`Hooks for ${edit.events.join(', ')} are in ${file.path}.`);
  if (edit.updated.length > 0) {
    done.push(`Brought up to date in ${file.path}: ${edit.updated.join(', ')}.`);
  }
  const line = STATUSLINE[statusline];
  if (line !== undefined) done.push(line);
  if (done.length === 0) done.push(`${file.path} has the hooks already; nothing was changed.`);
  if (backup !== null) done.push(`The file as it was: ${backup}`);
  if (edit.changed && scope === 'project') {
    done.push("They name this machine's Node and tallyhook: think before you commit them.");
  }
  if (edit.ignoredFor !== null) done.push(WARNINGS[edit.ignoredFor]);
  return done;
}
