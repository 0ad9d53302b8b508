import { type LazyCommand, lazyCommand } from './define.ts';

/** Commands for one task, as `--help` and docs/commands.md group them. */
export interface CommandGroup {
  title: string;
  /** Whether `tallyhook --help` lists them; docs/commands.md lists all. */
  isInHelp: boolean;
  example: string;
  commands: readonly LazyCommand[];
}

const reports = [
  lazyCommand(
    ['summary', '$0'],
    'Cost overview, one session, or any grouping (--by)',
    async () => (await import('./summary.ts')).summaryCommand,
  ),
  lazyCommand('daily', 'Cost by day', async () =>
    (await import('./summary.ts')).groupingCommand('day', 'daily', [
      'tallyhook daily --last 7d',
      'The last 7 days',
    ]),
  ),
  lazyCommand('weekly', 'Cost by ISO week', async () =>
    (await import('./summary.ts')).groupingCommand('week', 'weekly', [
      'tallyhook weekly --last 8w',
      'The last 8 weeks',
    ]),
  ),
  lazyCommand('monthly', 'Cost by month', async () =>
    (await import('./summary.ts')).groupingCommand('month', 'monthly', [
      'tallyhook monthly --since 2026-01-01',
      'This year',
    ]),
  ),
  lazyCommand(
    ['sessions', 'session'],
    'Cost by session, the latest last',
    async () => (await import('./sessions.ts')).sessionsCommand,
  ),
  lazyCommand(
    'project',
    'Cost of a project: the last 30 days, and by model; merge two projects',
    async () => (await import('./project/index.ts')).projectCommand,
    true,
  ),
  lazyCommand(
    'requests',
    'Single requests, the newest first',
    async () => (await import('./requests.ts')).requestsCommand,
  ),
  lazyCommand(
    'explain [what]',
    'Where the cost of a session or request went',
    async () => (await import('./explain.ts')).explainCommand,
  ),
  lazyCommand(
    'cache-misses',
    'Requests that paid again for cached context: why, and what it cost',
    async () => (await import('./cache-misses.ts')).cacheMissesCommand,
  ),
];

const live = [
  lazyCommand(
    'tail',
    'Print each request as it is recorded',
    async () => (await import('./tail.ts')).tailCommand,
  ),
  lazyCommand(
    'serve',
    'Open the web dashboard (also REST API, metrics, HTTP hooks)',
    async () => (await import('./serve/index.ts')).serveCommand,
  ),
  lazyCommand(
    'statusline',
    "Print the status line: Claude Code's status JSON on stdin",
    async () => (await import('./statusline.ts')).statuslineCommand,
  ),
];

const budgets = [
  lazyCommand(
    'budget',
    'Budgets: status, check, list, set, remove, allow, history',
    async () => (await import('./budget/index.ts')).budgetCommand,
    true,
  ),
  lazyCommand(
    'alerts',
    'Alerts: list, ack, send, test',
    async () => (await import('./alerts/index.ts')).alertsCommand,
    true,
  ),
];

const prices = [
  lazyCommand(
    'pricing',
    'Prices: show, list, unknown, update, diff',
    async () => (await import('./pricing/index.ts')).pricingCommand,
    true,
  ),
  lazyCommand(
    'reprice',
    'Recalculate requests that were priced by a fallback',
    async () => (await import('./pricing/reprice.ts')).repriceCommand,
  ),
  lazyCommand(
    'estimate [file]',
    'Tokens and cost of a prompt before it is sent',
    async () => (await import('./estimate.ts')).estimateCommand,
  ),
];

const setup = [
  lazyCommand(
    'init',
    'Install the hooks of Claude Code and other agents',
    async () => (await import('./setup/init.ts')).initCommand,
  ),
  lazyCommand(
    'uninstall',
    'Remove the hooks of Claude Code and other agents',
    async () => (await import('./setup/uninstall.ts')).uninstallCommand,
  ),
  lazyCommand(
    'doctor',
    'Check everything that recording needs, with a fix for each problem',
    async () => (await import('./setup/doctor.ts')).doctorCommand,
  ),
  lazyCommand(
    'verify',
    'Check the ledger: file, totals, requests against the transcripts',
    async () => (await import('./verify.ts')).verifyCommand,
  ),
  lazyCommand(
    'coverage',
    "How much of the clients' own totals the ledger contains",
    async () => (await import('./coverage/index.ts')).coverageCommand,
  ),
  lazyCommand(
    'compare',
    'Compare the ledger with ccusage, and explain each difference',
    async () => (await import('./compare/index.ts')).compareCommand,
  ),
  lazyCommand(
    'config',
    'Settings: show, get, set, unset, path',
    async () => (await import('./setup/config.ts')).configCommand,
    true,
  ),
];

const data = [
  lazyCommand(
    'import',
    'Read all transcripts into the ledger',
    async () => (await import('./import.ts')).importCommand,
  ),
  lazyCommand(
    'export',
    'Write requests or groups as CSV, JSON or NDJSON',
    async () => (await import('./export.ts')).exportCommand,
  ),
];

const scripting = [
  lazyCommand(
    'schema [name]',
    'Print the JSON schema of a document, or the names of all schemas',
    async () => (await import('./schema.ts')).schemaCommand,
  ),
  lazyCommand('completion <shell>', 'Print the completion script of bash, zsh or fish', async () =>
    (await import('./completion/index.ts')).completionCommand(commands),
  ),
  lazyCommand(
    'hook-path',
    'Print the absolute path of the hook executable',
    async () => (await import('./setup/hook-path.ts')).hookPathCommand,
  ),
  lazyCommand('blocks', false, async () => (await import('./blocks.ts')).blocksCommand),
];

export const commandGroups: readonly CommandGroup[] = [
  {
    title: 'Reports',
    isInHelp: true,
    example: 'tallyhook summary --by model --last 7d',
    commands: reports,
  },
  { title: 'Live', isInHelp: true, example: 'tallyhook serve --open', commands: live },
  {
    title: 'Budgets and alerts',
    isInHelp: true,
    example: 'tallyhook budget set daily --limit 20 --per day',
    commands: budgets,
  },
  { title: 'Prices', isInHelp: true, example: 'tallyhook pricing show opus', commands: prices },
  {
    title: 'Setup and checks',
    isInHelp: true,
    example: 'tallyhook init --statusline',
    commands: setup,
  },
  {
    title: 'Data',
    isInHelp: true,
    example: 'tallyhook export --output costs.csv --last 30d',
    commands: data,
  },
  {
    title: 'Scripting',
    isInHelp: false,
    example: 'tallyhook schema report',
    commands: scripting,
  },
];

export const commands: readonly LazyCommand[] = commandGroups.flatMap((group) => group.commands);
