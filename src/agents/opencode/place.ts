import type { AgentPlace } from '../source.ts';

/** Where OpenCode keeps its sessions. */
export function openCodeData({ home, env }: AgentPlace): string {
  return `${baseFolder(env['XDG_DATA_HOME'], `${home}/.local/share`)}/opencode`;
}

/** Where OpenCode looks for settings and plugins. */
export function openCodeConfig({ home, env }: AgentPlace): string {
  return `${baseFolder(env['XDG_CONFIG_HOME'], `${home}/.config`)}/opencode`;
}

function baseFolder(moved: string | undefined, usual: string): string {
  return moved === undefined || moved === '' ? usual : moved.replaceAll('\\', '/');
}
