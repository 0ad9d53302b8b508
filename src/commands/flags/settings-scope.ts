import { UserError } from '../../core/lang/user-error.ts';
import type { FlagValues } from '../define.ts';

/** Which of Claude Code's settings files is meant. */
export type Scope = 'user' | 'project' | 'local';

/** The folder that settings of this scope may not leave by links; null for the user's own. */
export function findBoundary(scope: Scope): string | null {
  return scope === 'user' ? null : process.cwd();
}

/** No defaults: yargs would see them together every time. */
export const scopeFlags = {
  global: { type: 'boolean', describe: "The user's settings (the default)" },
  project: {
    type: 'boolean',
    describe: 'The settings of the project in this folder (.claude/settings.json)',
  },
  local: {
    type: 'boolean',
    describe: 'Your own settings for this folder (.claude/settings.local.json)',
  },
} as const;

type ScopeFlags = FlagValues<typeof scopeFlags>;

/** Whether one was named. */
export function isScopeNamed({ global, project, local }: ScopeFlags): boolean {
  return global === true || project === true || local === true;
}

/** @throws UserError where several are named */
export function parseSettingsScope({ global, project, local }: ScopeFlags): Scope {
  const named = [global, project, local].filter((flag) => flag === true);
  if (named.length > 1) {
    throw new UserError('--global, --project and --local: one of them', 'Run it for each in turn.');
  }
  if (project === true) return 'project';
  return local === true ? 'local' : 'user';
}
