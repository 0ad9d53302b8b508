import { UserError } from '../../core/lang/user-error.ts';
import type { FlagValues } from '../define.ts';
import type { ChosenAgents } from './agent-names.ts';

/** One of Claude Code's settings files. */
export type Scope = 'user' | 'project' | 'local';

/** The folder that symbolic links in this scope's path may not leave; null for the user's own settings. */
export function findBoundary(scope: Scope): string | null {
  return scope === 'user' ? null : process.cwd();
}

/** They have no defaults, so that a named scope can be told from an unnamed one. */
export const scopeFlags = {
  global: { type: 'boolean', describe: 'Your settings for all projects (default)' },
  project: {
    type: 'boolean',
    describe: 'The shared settings of this project (.claude/settings.json)',
  },
  local: {
    type: 'boolean',
    describe: 'Your own settings for this project (.claude/settings.local.json)',
  },
} as const;

type ScopeFlags = FlagValues<typeof scopeFlags>;

/** Whether a flag names the scope. */
export function isScopeNamed({ global, project, local }: ScopeFlags): boolean {
  return global === true || project === true || local === true;
}

/** @throws UserError if several scopes are named */
export function parseSettingsScope({ global, project, local }: ScopeFlags): Scope {
  const named = [global, project, local].filter((flag) => flag === true);
  if (named.length > 1) {
    throw new UserError(
      '--global, --project and --local exclude each other',
      'Run the command once for each.',
    );
  }
  if (project === true) return 'project';
  return local === true ? 'local' : 'user';
}

/** @throws UserError if other agents than Claude Code are named with a project's settings */
export function requireOwnScope(options: ScopeFlags, named: ChosenAgents | null): void {
  const [other] = named?.others ?? [];
  if (other === undefined || parseSettingsScope(options) === 'user') return;
  throw new UserError(
    `--project and --local are settings of Claude Code; ${other.agent.title} has hooks for all projects only`,
    'Leave the flag out.',
  );
}
