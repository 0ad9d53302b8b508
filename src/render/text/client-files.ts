import { formatCount } from './number-format.ts';

interface Counted {
  client: string;
  title: string;
  files: number;
}

/** `2 of Claude Code, 1 of Codex CLI`; null if all are Claude Code's. */
export function clientFilesList(clients: readonly Counted[]): string | null {
  if (clients.every(({ client }) => client === 'claude-code')) return null;
  return clients.map(({ title, files }) => `${formatCount(files)} of ${title}`).join(', ');
}

/** The same in brackets, after a blank; empty if all are Claude Code's. */
export function clientFilesText(clients: readonly Counted[]): string {
  const list = clientFilesList(clients);
  return list === null ? '' : ` (${list})`;
}
