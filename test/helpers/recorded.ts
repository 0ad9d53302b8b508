import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Home, query } from './home.ts';

/** The message ids of all records in alphabetical order, including duplicates. */
export function recordedIds(home: Home): string[] {
  if (!existsSync(home.ledger)) return [];
  const rows = query<{ id: string }>(
    home.ledger,
    'SELECT coalesce(message_id, id) AS id FROM cost_records ORDER BY 1',
  );
  return rows.map(({ id }) => id);
}

export interface LedgerTotals {
  requests: number;
  tokens: number;
  nanoUsd: number;
  toolUses: number;
  hookEvents: number;
}

/** Everything that must be neither lost nor counted twice. */
export function ledgerTotals(home: Home): LedgerTotals {
  const [totals] = query<LedgerTotals>(
    home.ledger,
    `SELECT count(*) AS requests, total(input_tokens + output_tokens) AS tokens,
       total(cost_nano_usd) AS nanoUsd, (SELECT count(*) FROM tool_uses) AS toolUses,
       (SELECT count(*) FROM hook_events) AS hookEvents FROM cost_records`,
  );
  if (totals === undefined) throw new Error('an aggregate has a row');
  return totals;
}

/** Names of the files that wait in the spool. */
export function spooled(home: Home): string[] {
  return existsSync(home.spool) ? readdirSync(home.spool).toSorted() : [];
}

/** The lines of hook.log, without the times. */
export function problems(home: Home): string[] {
  if (!existsSync(home.log)) return [];
  const lines = readFileSync(home.log, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => line.slice(line.indexOf(' ') + 1));
}

/** Permission bits of everything below a folder, by path; `.` is the folder itself. */
export function modesBelow(folder: string): Record<string, string> {
  const names = ['.', ...(readdirSync(folder, { recursive: true }) as string[])].toSorted();
  const mode = (name: string): string =>
    (statSync(join(folder, name)).mode & 0o777).toString(8).padStart(4, '0');
  return Object.fromEntries(names.map((name) => [name, mode(name)]));
}
