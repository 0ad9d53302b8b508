import type { RegistrationPlan } from '../../sources/settings/client-settings.ts';
import type { Scope } from '../flags/settings-scope.ts';

export function budgetReport(asks: boolean): string[] {
  const asking = asks
    ? 'PreToolUse is installed because a budget asks (--action ask). It starts Node.js once more per tool call.'
    : 'PreToolUse is not installed, because no budget asks. After setting one with --action ask, run this again.';
  return [
    'Budgets can now stop a session: tallyhook budget set NAME --limit 20 --per day --action stop',
    asking,
  ];
}

const WARNINGS = {
  disabled:
    'Warning: "disableAllHooks" is true in that file, so NOTHING will be recorded until you remove it.',
  'not-strict-json':
    'Warning: the file has comments or trailing commas, which make Claude Code ignore all of it, so NOTHING will be recorded until you remove them.',
};

const STATUSLINE: Partial<Record<RegistrationPlan['statusline'], string>> = {
  added: 'Status line installed.',
  wrapped: 'Status line installed below your existing one.',
  updated: 'Status line updated.',
};

/** What init did, one line each. */
export function initReport(
  { file, edit, statusline }: RegistrationPlan,
  backup: string | null,
  scope: Scope,
): string[] {
  const done = [];
  if (edit.events.length > 0)
    done.push(`Added hooks for ${edit.events.join(', ')} to ${file.path}.`);
  if (edit.updated.length > 0) {
    done.push(`Updated in ${file.path}: ${edit.updated.join(', ')}.`);
  }
  const line = STATUSLINE[statusline];
  if (line !== undefined) done.push(line);
  if (done.length === 0) done.push(`${file.path} already has the hooks; nothing was changed.`);
  if (backup !== null) done.push(`Backup of the previous file: ${backup}`);
  if (edit.changed && scope === 'project') {
    done.push(
      "The hooks contain this machine's paths of Node.js and tallyhook: check them before you commit the file.",
    );
  }
  if (edit.ignoredFor !== null) done.push(WARNINGS[edit.ignoredFor]);
  return done;
}
