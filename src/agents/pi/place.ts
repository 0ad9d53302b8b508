import type { AgentPlace } from '../source.ts';

export function piFolder({ home, env }: AgentPlace): string {
  const moved = env['PI_CODING_AGENT_DIR'];
  return moved === undefined || moved === '' ? `${home}/.pi/agent` : moved.replaceAll('\\', '/');
}

const SESSION_FILE = /_([^_/]+)\.jsonl$/;

/** The session of a file `<time>_<session>.jsonl`; null for another name. */
export function sessionOfFile(path: string): string | null {
  return SESSION_FILE.exec(path.replaceAll('\\', '/'))?.[1] ?? null;
}
