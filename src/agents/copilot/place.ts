import type { AgentPlace } from '../source.ts';

export function stateFolder({ home, env }: AgentPlace): string {
  const moved = env['COPILOT_HOME'];
  return moved === undefined || moved === '' ? `${home}/.copilot` : moved.replaceAll('\\', '/');
}

/** The SQLite file with the usage of all sessions; while Copilot runs, its rows are in the -wal. */
export function storePath(place: AgentPlace): string {
  return `${stateFolder(place)}/session-store.db`;
}
