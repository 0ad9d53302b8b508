import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  ENFORCING_HOOKS,
  RECORDING_HOOKS,
} from '../agents/claude-code/settings/recording-hooks.ts';
import { parseStatusline } from '../agents/claude-code/settings/statusline-command.ts';
import { type Finding, failure, warning, ok } from '../core/finding.ts';
import { effectiveBudgets } from '../budgets/effective.ts';
import { userSettingsPaths } from '../sources/settings/client-settings.ts';
import { isDisabled } from '../sources/settings/recording-switch.ts';
import { hasRegisteredAgent } from './agents.ts';
import type { DoctorContext } from './context.ts';
import { withCount } from './plural.ts';
import type { LocatedHook } from './registration.ts';

const INIT = 'tallyhook init';
/** How long Claude Code keeps transcripts by default. */
const DEFAULT_DAYS = 30;

/** Finds settings files that Claude Code can't read or ignores. */
export function checkSettingsFiles({ registration }: DoctorContext): Finding[] {
  const { files } = registration;
  const findings = files.flatMap(({ path, view, problem }): Finding[] => {
    if (view === null) {
      const impact = 'Claude Code ignores the whole file, including its hooks.';
      return [failure('client-settings', `${path} ${problem}`, impact, `Correct ${path}`)];
    }
    if (view.isStrictJson) return [];
    const message = `${path} has comments or trailing commas`;
    const impact = 'Claude Code silently ignores the whole file, including its hooks.';
    return [failure('client-settings', message, impact, `Remove them from ${path}`)];
  });
  if (findings.length > 0) return findings;
  if (files.length === 0) return [ok('client-settings', 'no settings files yet')];
  return [ok('client-settings', files.map(({ path }) => path).join(', '))];
}

/**
 * Checks that all of our hooks are registered where Claude Code finds them, each of them once: in every
 * configuration folder, because each Claude Code uses one of them.
 */
export function checkHooks(context: DoctorContext): Finding[] {
  const folders = userSettingsPaths(context.env);
  const { hooks, plugins } = context.registration;
  const isOnlyOthers =
    hooks.length === 0 &&
    plugins.length === 0 &&
    !folders.some((path) => existsSync(dirname(path))) &&
    hasRegisteredAgent(context.env);
  if (isOnlyOthers) return [ok('hooks', 'Claude Code is not on this machine')];
  const findings = folders.flatMap((path) =>
    checkHooksOf(
      context,
      hooks.filter(({ where }) => where === path || !folders.includes(where)),
      folders.length > 1 ? path : null,
    ),
  );
  const known = new Set<string>();
  return findings.filter(({ message }) => !known.has(message) && known.add(message));
}

/** @param path the settings file that is checked, if it has to be told from others */
function checkHooksOf(
  context: DoctorContext,
  hooks: LocatedHook[],
  path: string | null,
): Finding[] {
  const { plugins } = context.registration;
  const missingPlugins = plugins.filter(({ folder }) => folder === null);
  const findings = missingPlugins.map(({ name }) => {
    const message = `the plugin ${name} is enabled, but its folder is missing`;
    const impact = 'Its hooks do not run.';
    return failure('hooks', message, impact, `claude plugin uninstall ${name}`);
  });
  if (hooks.length === 0) {
    const impact = 'Nothing is recorded live; reports still read the transcripts that exist.';
    const message = `no tallyhook hooks are registered${path === null ? '' : ` in ${path}`}`;
    return [...findings, failure('hooks', message, impact, INIT)];
  }
  const events = new Set(hooks.map(({ event }) => event));
  const missing = RECORDING_HOOKS.filter(({ event }) => !events.has(event));
  const where = [...new Set(hooks.map((hook) => hook.where))].join(', ');
  if (missing.length > 0) {
    const names = missing.map(({ event }) => event).join(', ');
    const impact = 'What these events report is recorded later, with the next event or command.';
    findings.push(warning('hooks', `${where}: no hook for ${names}`, impact, INIT));
  }
  findings.push(...checkDuplicates(hooks), ...checkEnforcing(context, events));
  return findings.some(({ state }) => state === 'fail')
    ? findings
    : [ok('hooks', `for ${withCount(events.size, 'event')}, from ${where}`), ...findings];
}

/** Claude Code runs two registrations of one event as one only if their commands are identical. */
function checkDuplicates(hooks: LocatedHook[]): Finding[] {
  const pairs = hooks.flatMap((hook, index) =>
    hooks.slice(index + 1).flatMap((other) => {
      const isSame = (hook.command ?? hook.url) === (other.command ?? other.url);
      const isBoth =
        hook.event === other.event &&
        (hook.matcher === null || other.matcher === null || hook.matcher === other.matcher);
      return isBoth && !isSame ? [{ hook, other }] : [];
    }),
  );
  const [first] = pairs;
  if (first === undefined) return [];
  const events = [...new Set(pairs.map(({ hook }) => hook.event))].join(', ');
  const places = [...new Set([first.hook.where, first.other.where])].join(' and ');
  const message = `registered twice, in ${places}: ${events}`;
  const impact = 'Nothing is counted twice, but each of these events starts a second process.';
  const plugin = [first.hook, first.other].find(({ pluginRoot }) => pluginRoot !== null);
  const isHttp = pairs.every(({ hook, other }) => (hook.url === null) !== (other.url === null));
  if (isHttp) return [warning('hooks', `${message} (once over HTTP)`, impact)];
  const name = plugin?.where.replace('the plugin ', '');
  const fix =
    name === undefined
      ? 'tallyhook uninstall, then tallyhook init'
      : `tallyhook uninstall, or claude plugin uninstall ${name}`;
  return [failure('hooks', message, impact, fix)];
}

/** A budget that stops or asks needs hooks that Claude Code waits for. */
function checkEnforcing(
  { env, cwd, settings, ledger }: DoctorContext,
  events: Set<string>,
): Finding[] {
  if (ledger.kind !== 'open') return [];
  const { budgets } = effectiveBudgets(ledger.db, env, settings, cwd);
  const stopping = budgets.filter(({ action }) => action === 'stop' || action === 'ask');
  if (stopping.length === 0) return [];
  const needed = ENFORCING_HOOKS.map(({ event }) => event);
  if (stopping.some(({ action }) => action === 'ask')) needed.push('PreToolUse');
  const missing = needed.filter((event) => !events.has(event));
  if (missing.length === 0) return [];
  const names = stopping.map(({ name }) => name).join(', ');
  const message = `budgets that stop or ask (${names}) have no hook for ${missing.join(', ')}`;
  const impact = 'They can be exceeded without anything being stopped.';
  return [failure('hooks', message, impact, 'tallyhook init --budgets')];
}

/** Finds switches that keep hooks from running or from recording. */
export function checkSwitches({ env, registration }: DoctorContext): Finding[] {
  const impact = 'Claude Code runs no hooks, so nothing is recorded live.';
  const findings: Finding[] = [];
  for (const { path, scope, view } of registration.files) {
    if (view?.hasHooksDisabled === true) {
      const fix = `Remove "disableAllHooks" from ${path}`;
      findings.push(failure('switches', `"disableAllHooks" is true in ${path}`, impact, fix));
    }
    if (scope === 'managed' && view?.isManagedOnly === true && view.hooks.length === 0) {
      const message = `${path} allows only its own hooks ("allowManagedHooksOnly")`;
      const fix = 'Ask your administrator to register them: tallyhook init --print';
      findings.push(failure('switches', message, impact, fix));
    }
  }
  if (isDisabled(env)) {
    const names = ['TALLYHOOK_DISABLE', 'TRACK_COSTS'].filter((name) => env[name] !== undefined);
    const message = `recording is switched off by ${names.join(' and ')}`;
    const disabled = 'Hooks that inherit this environment record nothing.';
    findings.push(failure('switches', message, disabled, `unset ${names.join(' ')}`));
  }
  return findings.length > 0 ? findings : [ok('switches', 'hooks and recording are on')];
}

/** Transcript lines that Claude Code deletes before tallyhook reads them are lost permanently. */
export function checkCleanup({ registration }: DoctorContext): Finding[] {
  const set = registration.files.flatMap(({ path, view }) => {
    const days = view?.cleanupPeriodDays ?? null;
    return days === null ? [] : [{ path, days }];
  });
  const last = set.at(-1);
  if (last !== undefined && last.days < DEFAULT_DAYS) {
    const message = `"cleanupPeriodDays" is ${last.days} in ${last.path}`;
    const impact =
      last.days <= 0
        ? 'Claude Code writes no transcripts, so there is nothing to record.'
        : 'Claude Code deletes transcripts early; what no hook or command has read by then is lost.';
    const fix = `Set "cleanupPeriodDays": 365 in ${last.path}`;
    return [failure('cleanup', message, impact, fix)];
  }
  const days = last?.days ?? DEFAULT_DAYS;
  const message = `Claude Code deletes transcripts after ${days} days; the ledger keeps what was read`;
  return [ok('cleanup', message)];
}

export function checkStatusline({ registration }: DoctorContext): Finding[] {
  const line = registration.files.findLast(({ view }) => view?.statusLine != null)?.view
    ?.statusLine;
  const isOurs = line != null && parseStatusline(line) !== null;
  return isOurs ? [ok('statusline', 'Claude Code shows the tallyhook status line')] : [];
}

/** Claude Code reports an error at each event of an HTTP hook while no server listens. */
export async function checkServer({ registration }: DoctorContext): Promise<Finding[]> {
  const urls = [...new Set(registration.hooks.flatMap(({ url }) => (url === null ? [] : [url])))];
  const findings = await Promise.all(
    urls.map(async (url) => {
      const isRunning = await isServerAt(new URL('/healthz', url).href);
      if (isRunning) return ok('server', `${url} answers`);
      const impact = 'Claude Code reports an error at each event, and this hook records nothing.';
      return failure(
        'server',
        `no tallyhook server answers at ${url}`,
        impact,
        `tallyhook serve --port ${new URL(url).port}`,
      );
    }),
  );
  return findings;
}

async function isServerAt(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    return ((await response.json()) as { name?: unknown }).name === 'tallyhook';
  } catch {
    return false;
  }
}
