import { ENFORCING_HOOKS, RECORDING_HOOKS } from '../agents/claude-code/recording-hooks.ts';
import { parseStatusline } from '../agents/claude-code/statusline-command.ts';
import { type Finding, failure, warning, ok } from '../core/finding.ts';
import { effectiveBudgets } from '../budgets/effective.ts';
import { isDisabled } from '../sources/settings/recording-switch.ts';
import type { DoctorContext } from './context.ts';
import type { LocatedHook } from './registration.ts';

const INIT = 'tallyhook init';
/** The client keeps transcripts so long where nothing else is said. */
const USUAL_DAYS = 30;

/** Settings that the client can't read, or ignores. */
export function checkSettingsFiles({ registration }: DoctorContext): Finding[] {
  const { files } = registration;
  const findings = files.flatMap(({ path, view, problem }): Finding[] => {
    if (view === null) {
      const means = 'The client ignores the whole file, its hooks with it.';
      return [failure('client-settings', `${path} ${problem}`, means, `Mend ${path}`)];
    }
    if (view.isStrictJson) return [];
    const found = `${path} has comments or trailing commas`;
    const means = 'Claude Code ignores the whole file without a word, its hooks with it.';
    return [failure('client-settings', found, means, `Take them out of ${path}`)];
  });
  if (findings.length > 0) return findings;
  if (files.length === 0) return [ok('client-settings', 'there are none yet')];
  return [ok('client-settings', files.map(({ path }) => path).join(', '))];
}

/** Are our hooks where the client finds them, all of them, and once. */
export function checkHooks(place: DoctorContext): Finding[] {
  const { hooks, plugins } = place.registration;
  const lost = plugins.filter(({ folder }) => folder === null);
  const findings = lost.map(({ name }) => {
    const found = `the plugin ${name} is switched on and its folder is gone`;
    const means = 'Its hooks do not run.';
    return failure('hooks', found, means, `claude plugin uninstall ${name}`);
  });
  if (hooks.length === 0) {
    const means =
      'Nothing is recorded as it happens; reading commands still read the transcripts that there are.';
    return [...findings, failure('hooks', 'no hook of tallyhook is registered', means, INIT)];
  }
  const events = new Set(hooks.map(({ event }) => event));
  const missing = RECORDING_HOOKS.filter(({ event }) => !events.has(event));
  const where = [...new Set(hooks.map((hook) => hook.where))].join(', ');
  if (missing.length > 0) {
    const names = missing.map(({ event }) => event).join(', ');
    const means = 'What these tell comes later: with the next event, or the next command.';
    findings.push(warning('hooks', `${where}: nothing at ${names}`, means, INIT));
  }
  findings.push(...checkTwice(hooks), ...checkEnforcing(place, events));
  return findings.some(({ state }) => state === 'fail')
    ? findings
    : [ok('hooks', `at ${events.size} events, by ${where}`), ...findings];
}

/** The client runs a command once that is registered twice in the same words, and else both. */
function checkTwice(hooks: LocatedHook[]): Finding[] {
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
  const places = [...new Set([first.hook.where, first.other.where])].join(' and by ');
  const found = `registered twice, by ${places}: ${events}`;
  const means = 'Nothing is counted twice, but each of these events starts a second process.';
  const plugin = [first.hook, first.other].find(({ pluginRoot }) => pluginRoot !== null);
  const isHttp = pairs.every(({ hook, other }) => (hook.url === null) !== (other.url === null));
  if (isHttp) return [warning('hooks', `${found} (over HTTP too)`, means)];
  const name = plugin?.where.replace('the plugin ', '');
  const mend =
    name === undefined
      ? 'tallyhook uninstall, then tallyhook init'
      : `tallyhook uninstall, or claude plugin uninstall ${name}`;
  return [failure('hooks', found, means, mend)];
}

/** A budget that stops needs hooks that the client waits for. */
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
  const found = `budgets that stop or ask (${names}), and no hook at ${missing.join(', ')}`;
  const means = 'They are spent without anything being stopped.';
  return [failure('hooks', found, means, 'tallyhook init --budgets')];
}

/** Everything that keeps hooks from running, or them from recording. */
export function checkSwitches({ env, registration }: DoctorContext): Finding[] {
  const means = 'The client runs no hook, so nothing is recorded as it happens.';
  const findings: Finding[] = [];
  for (const { path, scope, view } of registration.files) {
    if (view?.hasHooksDisabled === true) {
      const mend = `Take "disableAllHooks" out of ${path}`;
      findings.push(failure('switches', `"disableAllHooks" is true in ${path}`, means, mend));
    }
    if (scope === 'managed' && view?.isManagedOnly === true && view.hooks.length === 0) {
      const found = `${path} allows its own hooks alone ("allowManagedHooksOnly")`;
      const mend = 'Ask your administrator to register them: tallyhook init --print';
      findings.push(failure('switches', found, means, mend));
    }
  }
  if (isDisabled(env)) {
    const names = ['TALLYHOOK_DISABLE', 'TRACK_COSTS'].filter((name) => env[name] !== undefined);
    const found = `recording is switched off by ${names.join(' and ')}`;
    const off = 'Hooks that inherit this record nothing.';
    findings.push(failure('switches', found, off, `unset ${names.join(' ')}`));
  }
  return findings.length > 0 ? findings : [ok('switches', 'hooks and recording are on')];
}

/** What of transcripts the client deletes before it was read is lost for good. */
export function checkCleanup({ registration }: DoctorContext): Finding[] {
  const set = registration.files.flatMap(({ path, view }) => {
    const days = view?.cleanupPeriodDays ?? null;
    return days === null ? [] : [{ path, days }];
  });
  const last = set.at(-1);
  if (last !== undefined && last.days < USUAL_DAYS) {
    const found = `"cleanupPeriodDays" is ${last.days} in ${last.path}`;
    const means =
      last.days <= 0
        ? 'The client writes no transcripts, so there is nothing to record.'
        : 'The client deletes transcripts so early; what no hook or command has read by then is lost.';
    const mend = `Set "cleanupPeriodDays": 365 in ${last.path}`;
    return [failure('cleanup', found, means, mend)];
  }
  const days = last?.days ?? USUAL_DAYS;
  const found = `the client deletes transcripts after ${days} days; the ledger keeps what was read`;
  return [ok('cleanup', found)];
}

export function checkStatusline({ registration }: DoctorContext): Finding[] {
  const line = registration.files.findLast(({ view }) => view?.statusLine != null)?.view
    ?.statusLine;
  const isOurs = line != null && parseStatusline(line) !== null;
  return isOurs ? [ok('statusline', 'the client shows ours')] : [];
}

/** Hooks over HTTP make the client complain of each event where no server listens. */
export async function checkServer({ registration }: DoctorContext): Promise<Finding[]> {
  const urls = [...new Set(registration.hooks.flatMap(({ url }) => (url === null ? [] : [url])))];
  const findings = await Promise.all(
    urls.map(async (url) => {
      const isThere = await answers(new URL('/healthz', url).href);
      if (isThere) return ok('server', `${url} answers`);
      const means = 'The client complains at each event, and nothing is recorded by it.';
      return failure(
        'server',
        `no tallyhook answers at ${url}`,
        means,
        `tallyhook serve --port ${new URL(url).port}`,
      );
    }),
  );
  return findings;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    return ((await response.json()) as { name?: unknown }).name === 'tallyhook';
  } catch {
    return false;
  }
}
