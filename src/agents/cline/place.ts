import type { AgentPlace } from '../source.ts';

export function clineFolder({ home, env }: AgentPlace): string {
  const moved = env['CLINE_DIR'];
  return moved === undefined || moved === '' ? `${home}/.cline` : moved.replaceAll('\\', '/');
}

export function clineSessions(place: AgentPlace): string {
  return `${clineFolder(place)}/data/sessions`;
}

/** A subagent's session has the id of the user's session in front. */
const SUBSESSION = '__';

/** The user's session and, for a subagent, its own id, from the name of a session. */
export function splitSessionName(name: string): { sessionId: string; agentId: string | null } {
  const at = name.indexOf(SUBSESSION);
  if (at <= 0) return { sessionId: name, agentId: null };
  return { sessionId: name.slice(0, at), agentId: name.slice(at + SUBSESSION.length) };
}
