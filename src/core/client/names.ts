import { CLIENT_TITLES } from './titles.generated.ts';

/** The agent that is meant where none is named. */
export const CLAUDE_CODE = 'claude-code';

export const CLIENTS: readonly string[] = Object.keys(CLIENT_TITLES);

/** The client's proper name; an unknown client keeps its own. */
export function clientTitle(client: string): string {
  return Object.hasOwn(CLIENT_TITLES, client) ? (CLIENT_TITLES[client] ?? client) : client;
}

/** The name in the `client` column for a name as people write it: `Codex CLI`, `Codex`, `codex`. */
export function canonicalClient(text: string): string {
  const wanted = text.trim().toLowerCase();
  const found = CLIENTS.find((client) =>
    [client, `${client} cli`, clientTitle(client).toLowerCase()].includes(wanted),
  );
  return found ?? text;
}
