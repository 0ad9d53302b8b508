import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BudgetStatusJson } from '../../../src/reports/budgets.ts';
import { type Home, query } from '../home.ts';
import { type Run, cli } from './run.ts';
import { append, request, transcriptPath } from '../lines.ts';

export interface At {
  cwd?: string;
  env?: Record<string, string>;
}

/** Appends a request of a session: output at 25 USD per million tokens. */
export function spend(
  home: Home,
  session: string,
  usd: number,
  facts: Partial<Parameters<typeof request>[0]> = {},
): void {
  const id = `msg_${Math.random().toString(36).slice(2)}`;
  const at = new Date().toISOString();
  const model = 'claude-opus-4-8';
  const line = request({ session, id, at, model, input: 0, output: usd * 40_000, ...facts });
  append(transcriptPath(home, session), line);
}

export function budget(home: Home, line: string, at: At = {}): Run {
  return cli(home, ['budget', ...line.split(' ').filter((word) => word !== '')], at);
}

/** Runs a command that must succeed without output on stderr. */
export function good(home: Home, line: string, at: At = {}): string {
  const { status, stdout, stderr } = budget(home, line, at);
  if (status !== 0 || stderr !== '') throw new Error(`${line}: ${status} ${stdout}${stderr}`);
  return stdout;
}

export function statuses(home: Home, line = '', at: At = {}): BudgetStatusJson[] {
  const { stdout } = budget(home, `status ${line} --json`, at);
  return (JSON.parse(stdout) as { budgets: BudgetStatusJson[] }).budgets;
}

export function statusOf(home: Home, name: string, at: At = {}): Partial<BudgetStatusJson> {
  return statuses(home, '', at).find((status) => status.name === name) ?? {};
}

/** A folder with a `.git`. */
export function repository(home: Home, name = 'repo'): string {
  const root = join(home.folder, name);
  mkdirSync(join(root, '.git'), { recursive: true });
  return root;
}

/** A time zone in which it is about noon now, so that no day ends while a test runs. */
export function noonZone(): string {
  const hours = 12 - new Date().getUTCHours();
  return `Etc/GMT${hours <= 0 ? '+' : '-'}${Math.abs(hours)}`;
}

export function keptScopes(home: Home): string[] {
  const rows = query<{ scope: string }>(
    home.ledger,
    'SELECT scope_json AS scope FROM rollup_scopes ORDER BY 1',
  );
  return rows.map(({ scope }) => scope);
}
