import { type LazyCommand, lazyCommand } from './define.ts';

export const commands: LazyCommand[] = [
  lazyCommand(
    ['summary', '$0'],
    'What was spent: overview, one session, or any grouping',
    async () => (await import('./summary.ts')).summaryCommand,
  ),
  lazyCommand('daily', 'What was spent, by day', async () =>
    (await import('./summary.ts')).groupingCommand('day'),
  ),
  lazyCommand('weekly', 'What was spent, by ISO week', async () =>
    (await import('./summary.ts')).groupingCommand('week'),
  ),
  lazyCommand('monthly', 'What was spent, by month', async () =>
    (await import('./summary.ts')).groupingCommand('month'),
  ),
  lazyCommand(
    ['sessions', 'session'],
    'What was spent, by session, the latest last',
    async () => (await import('./sessions.ts')).sessionsCommand,
  ),
  lazyCommand(
    'project [dir]',
    'What a project cost: the last 30 days, and by model',
    async () => (await import('./project.ts')).projectCommand,
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
    'Requests that paid again for what was cached: why, and what it cost',
    async () => (await import('./cache-misses.ts')).cacheMissesCommand,
  ),
  lazyCommand(
    'tail',
    'One line per request, as it is recorded',
    async () => (await import('./tail.ts')).tailCommand,
  ),
  lazyCommand(
    'statusline',
    "Claude Code's status as JSON on stdin, one line out",
    async () => (await import('./statusline.ts')).statuslineCommand,
  ),
  lazyCommand(
    'budget',
    'Budgets: status, check, list, set, remove, allow, history',
    async () => (await import('./budget/index.ts')).budgetCommand,
    true,
  ),
  lazyCommand(
    'serve',
    'REST API, live stream and HTTP hooks, on this machine',
    async () => (await import('./serve/index.ts')).serveCommand,
  ),
  lazyCommand(
    'alerts',
    'Alerts: what there was, ack, send, test',
    async () => (await import('./alerts/index.ts')).alertsCommand,
    true,
  ),
  lazyCommand(
    'import',
    'Read every transcript into the ledger',
    async () => (await import('./import.ts')).importCommand,
  ),
  lazyCommand(
    'export',
    'Write requests or groups as CSV, JSON or NDJSON',
    async () => (await import('./export.ts')).exportCommand,
  ),
  lazyCommand(
    'compare',
    'Compare the ledger with what another tool says, and name what differs',
    async () => (await import('./compare/index.ts')).compareCommand,
  ),
  lazyCommand(
    'coverage',
    'How much of what the client says it spent is in the ledger',
    async () => (await import('./coverage/index.ts')).coverageCommand,
  ),
  lazyCommand(
    'pricing',
    'Prices: show, list, unknown, update, diff',
    async () => (await import('./pricing/index.ts')).pricingCommand,
    true,
  ),
  lazyCommand(
    'reprice',
    'Price requests anew that had no price of their own',
    async () => (await import('./pricing/reprice.ts')).repriceCommand,
  ),
  lazyCommand(
    'estimate [file]',
    'Tokens and cost of a prompt before it is sent',
    async () => (await import('./estimate.ts')).estimateCommand,
  ),
  lazyCommand(
    'verify',
    'Check the ledger: file, totals, its requests against the transcripts',
    async () => (await import('./verify.ts')).verifyCommand,
  ),
  lazyCommand(
    'doctor',
    'Check everything that recording needs, and name what mends it',
    async () => (await import('./setup/doctor.ts')).doctorCommand,
  ),
  lazyCommand(
    'init',
    "Register the hooks in the client's settings",
    async () => (await import('./setup/init.ts')).initCommand,
  ),
  lazyCommand(
    'uninstall',
    "Take the hooks out of the client's settings again",
    async () => (await import('./setup/uninstall.ts')).uninstallCommand,
  ),
  lazyCommand(
    'config',
    'Settings: show, get, set, unset, path',
    async () => (await import('./setup/config.ts')).configCommand,
    true,
  ),
  lazyCommand(
    'schema [name]',
    'Print the JSON schema of a document; without a name: their names',
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
