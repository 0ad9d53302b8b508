import { dirname } from 'node:path';
import { channelsOn } from '../core/alert/alert.ts';
import type { HookAnswer } from '../core/hook/answer.ts';
import { effectivePrices } from '../ingest/effective-prices.ts';
import { logOnce, logProblem } from '../sources/machine/diagnostics.ts';
import { hookLogPath, ledgerPath, spoolFolder } from '../sources/machine/paths.ts';
import { isDisabled } from '../sources/settings/recording-switch.ts';
import { readSettings } from '../sources/settings/file.ts';
import { shouldStartSender } from '../store/alerts/schedule.ts';
import { Spool } from '../store/ingest/spool.ts';
import { BudgetGuard } from '../budgets/guard.ts';
import { startDetached } from './detached.ts';
import { HookLedger } from './hook-ledger.ts';
import { promptWarning } from './prompt-warning.ts';
import { Recorder } from './recorder.ts';
import { startSessionExport } from './session-export.ts';
import type { HookInput, HookContext } from './context.ts';

const NO_ANSWER: HookAnswer = { stop: null, ask: null, notices: [] };

/**
 * Records one event. Never throws; problems are logged in hook.log.
 * @returns the answer for the agent; usually null: no answer
 */
export function runHook(input: HookInput): string | null {
  const steps = runHookSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    sleep(step.value);
  }
}

/** The same for callers with other work to do while it waits: yields each wait, in milliseconds. */
export function* runHookSteps(input: HookInput): Generator<number, string | null, void> {
  if (isDisabled(input.env)) return null;
  const settings = readSettings(input.env);
  const path = ledgerPath(input.env, settings.telemetry.path);
  const log = (what: string, error: unknown): void =>
    logProblem(hookLogPath(path), what, error, input.arrivedAtMs);
  try {
    const at = input.args.indexOf('--agent');
    const name = at < 0 ? null : (input.args[at + 1] ?? '');
    const agent = input.findAgent(name, input.text);
    if (agent === null) {
      log('arguments', `no agent is called ${JSON.stringify(name)}`);
      return null;
    }
    const parsed = agent.parseEvent(input.text);
    if (parsed.kind === 'malformed') log('event', parsed.reason);
    if (parsed.kind !== 'event') return null;
    return yield* recordEvent({ agent, event: parsed.event, input, settings, path, log });
  } catch (error) {
    log('hook', error);
    return null;
  }
}

function* recordEvent(task: HookContext): Generator<number, string | null, void> {
  const spool = new Spool(spoolFolder(task.path));
  const ledger = new HookLedger(task, spool);
  try {
    const guard = createBudgetGuard(task, ledger);
    const isRecorded = yield* new Recorder(task, ledger.writer, spool, guard).record();
    if (task.event.phase === 'session-end') exportSession(task, isRecorded);
    const answer = decideAnswer(task, ledger, guard);
    startSender(task, ledger);
    return answer;
  } finally {
    if (task.input.isLongLived) ledger.close();
  }
}

function createBudgetGuard(
  { agent, event, input, settings, path, log }: HookContext,
  ledger: HookLedger,
): BudgetGuard {
  const place = {
    event,
    client: agent.name,
    ledgerPath: path,
    env: input.env,
    settings,
    prices: () => effectivePrices(input.env, settings).prices,
  };
  const warn = (text: string): void =>
    logOnce(hookLogPath(path), 'budgets', text, input.arrivedAtMs);
  return new BudgetGuard(place, ledger.db, ledger.trouble, log, warn);
}

function decideAnswer(
  { agent, event, settings }: HookContext,
  ledger: HookLedger,
  guard: BudgetGuard,
): string | null {
  const warning =
    event.decision !== 'prompt' || event.prompt === null
      ? null
      : promptWarning(
          event.prompt,
          settings.estimate.warnTokens,
          () => ledger.writer?.getLastModel(event.sessionId) ?? null,
        );
  const { stop, ask, notices } = guard.isAwake ? guard.answer(Date.now()) : NO_ANSWER;
  const all = warning === null ? notices : [warning, ...notices];
  return agent.answerText(event, { stop, ask, notices: all });
}

function exportSession(
  { event, input, settings, path, log }: HookContext,
  isRecorded: boolean,
): void {
  const setting = settings.export.onSessionEnd;
  if (event.sessionId === null || setting === null) return;
  const { env } = input;
  try {
    const place = { env, ledger: path, log: hookLogPath(path), setting, isRecorded };
    startSessionExport(event.sessionId, place);
  } catch (error) {
    log('export', error);
  }
}

/** A separate process delivers alerts; this only checks whether it would have anything to deliver. */
function startSender({ input, settings, path, log }: HookContext, { db }: HookLedger): void {
  if (db === null || channelsOn(settings.alerts).length === 0) return;
  try {
    if (!shouldStartSender(db, Date.now())) return;
    const env = { ...input.env, TELEMETRY_DB_PATH: path };
    startDetached(['alerts', 'send', '--detached'], dirname(path), env);
  } catch (error) {
    log('alerts', error);
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
