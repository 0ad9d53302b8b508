import type { Argv, CommandModule } from 'yargs';
import type { LazyCommand } from './define.ts';

const lazy = (
  command: string | string[],
  describe: string | false,
  load: () => Promise<CommandModule<object, never>>,
  isGroup = false,
): LazyCommand => ({ command, describe, isGroup, load });

export const commands: LazyCommand[] = [
  lazy(
    ['summary', '$0'],
    'What was spent: overview, one session, or any grouping',
    async () => (await import('./summary.ts')).summaryCommand as never,
  ),
  lazy(
    'daily',
    'What was spent, by day',
    async () => (await import('./summary.ts')).groupingCommand('day') as never,
  ),
  lazy(
    'weekly',
    'What was spent, by ISO week',
    async () => (await import('./summary.ts')).groupingCommand('week') as never,
  ),
  lazy(
    'monthly',
    'What was spent, by month',
    async () => (await import('./summary.ts')).groupingCommand('month') as never,
  ),
  lazy(
    ['sessions', 'session'],
    'What was spent, by session, the latest last',
    async () => (await import('./sessions.ts')).sessionsCommand as never,
  ),
  lazy(
    'project [dir]',
    'What a project cost: the last 30 days, and by model',
    async () => (await import('./project.ts')).projectCommand as never,
  ),
  lazy(
    'requests',
    'Single requests, the newest first',
    async () => (await import('./requests.ts')).requestsCommand as never,
  ),
  lazy(
    'explain [what]',
    'Where the cost of a session or request went',
    async () => (await import('./explain.ts')).explainCommand as never,
  ),
  lazy(
    'cache-misses',
    'Requests that paid again for what was cached: why, and what it cost',
    async () => (await import('./cache-misses.ts')).cacheMissesCommand as never,
  ),
  lazy(
    'tail',
    'One line per request, as it is recorded',
    async () => (await import('./tail.ts')).tailCommand as never,
  ),
  lazy(
    'statusline',
    "Claude Code's status as JSON on stdin, one line out",
    async () => (await import('./statusline.ts')).statuslineCommand as never,
  ),
  lazy(
    'budget',
    'Budgets: status, check, list, set, remove, allow, history',
    async () => (await import('./budget/index.ts')).budgetCommand as never,
    true,
  ),
  lazy(
    'serve',
    'REST API, live stream and HTTP hooks, on this machine',
    async () => (await import('./serve/index.ts')).serveCommand as never,
  ),
  lazy(
    'alerts',
    'Alerts: what there was, ack, send, test',
    async () => (await import('./alerts/index.ts')).alertsCommand as never,
    true,
  ),
  lazy(
    'import',
    'Read every transcript into the ledger',
    async () => (await import('./import.ts')).importCommand as never,
  ),
  lazy(
    'export',
    'Write requests or groups as CSV, JSON or NDJSON',
    async () => (await import('./export.ts')).exportCommand as never,
  ),
  lazy(
    'compare',
    'Compare the ledger with what another tool says, and name what differs',
    async () => (await import('./compare/index.ts')).compareCommand as never,
  ),
  lazy(
    'coverage',
    'How much of what the client says it spent is in the ledger',
    async () => (await import('./coverage/index.ts')).coverageCommand as never,
  ),
  lazy(
    'pricing',
    'Prices: show, list, unknown, update, diff',
    async () => (await import('./pricing/index.ts')).pricingCommand as never,
    true,
  ),
  lazy(
    'reprice',
    'Price requests anew that had no price of their own',
    async () => (await import('./pricing/reprice.ts')).repriceCommand as never,
  ),
  lazy(
    'estimate [file]',
    'Tokens and cost of a prompt before it is sent',
    async () => (await import('./estimate.ts')).estimateCommand as never,
  ),
  lazy(
    'verify',
    'Check the ledger: file, totals, its requests against the transcripts',
    async () => (await import('./verify.ts')).verifyCommand as never,
  ),
  lazy(
    'doctor',
    'Check everything that recording needs, and name what mends it',
    async () => (await import('./setup/doctor.ts')).doctorCommand as never,
  ),
  lazy(
    'init',
    "Register the hooks in the client's settings",
    async () => (await import('./setup/init.ts')).initCommand as never,
  ),
  lazy(
    'uninstall',
    "Take the hooks out of the client's settings again",
    async () => (await import('./setup/uninstall.ts')).uninstallCommand as never,
  ),
  lazy(
    'config',
    'Settings: show, get, set, unset, path',
    async () => (await import('./setup/config.ts')).configCommand as never,
    true,
  ),
  lazy(
    'schema [name]',
    'Print the JSON schema of a document; without a name: their names',
    async () => (await import('./schema.ts')).schemaCommand as never,
  ),
  lazy(
    'completion <shell>',
    'Print the completion script of bash, zsh or fish',
    async () => (await import('./completion/index.ts')).completionCommand(commands) as never,
  ),
  lazy(
    'hook-path',
    'Print the absolute path of the hook executable',
    async () => (await import('./setup/hook-path.ts')).hookPathCommand as never,
  ),
  lazy('blocks', false, async () => (await import('./blocks.ts')).blocksCommand as never),
];

/** Registers a command whose module is loaded only when it runs. */
export function registerCommand(parser: Argv, { command, describe, load }: LazyCommand): void {
  parser.command(
    command,
    describe as string,
    async (yargs) => {
      const { builder } = await load();
      return typeof builder === 'function' ? await builder(yargs as Argv<object>) : yargs;
    },
    async (args) => (await load()).handler(args as never),
  );
}
