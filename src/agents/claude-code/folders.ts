import type { AgentPlace } from '../source.ts';

/**
 * Claude Code's configuration folders: `CLAUDE_CONFIG_DIR` (a comma-separated list), else both defaults.
 * @param expand makes a path absolute; `~` is the home folder
 */
export function configFolders(
  { home, env }: AgentPlace,
  expand: (path: string) => string,
): string[] {
  const configured = (env['CLAUDE_CONFIG_DIR'] ?? '')
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '')
    .map(expand);
  if (configured.length > 0) return configured;
  return [`${home}/.config/claude`, `${home}/${OWN_FOLDER}`];
}

/** The folder of its settings in a project and in the home folder. */
export const OWN_FOLDER = '.claude';

/** The folder that contains a worktree which Claude Code made; undefined for any other path. */
export function worktreeParent(folder: string): string | undefined {
  return /^(.+?)[/\\]\.claude[/\\]worktrees[/\\]/.exec(folder)?.[1];
}
