import type { AgentPlace } from '../source.ts';

export function clineFolder({ home, env }: AgentPlace): string {
  return moved(env['CLINE_DIR']) ?? `${home}/.cline`;
}

export function clineSessions(place: AgentPlace): string {
  const data = moved(place.env['CLINE_DATA_DIR']) ?? `${clineFolder(place)}/data`;
  return moved(place.env['CLINE_SESSION_DATA_DIR']) ?? `${data}/sessions`;
}

function moved(folder: string | undefined): string | null {
  return folder === undefined || folder.trim() === '' ? null : folder.trim().replaceAll('\\', '/');
}
