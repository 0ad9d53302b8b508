import { setTimeout as sleep } from 'node:timers/promises';
import { logOnce } from '../sources/machine/diagnostics.ts';
import { type Environment, hookLogPath } from '../sources/machine/paths.ts';
import { type Settings, readSettings } from '../sources/settings/file.ts';
import { type Ledger, openLedger } from '../store/connection/open.ts';
import { Outbox } from '../store/alerts/outbox.ts';
import { SenderLock } from '../store/alerts/sender-lock.ts';
import { WATCH_EVERY_MS } from '../store/alerts/schedule.ts';
import { redact } from './channels/index.ts';
import { FIRST_WAIT_MS, TIMEOUT_MS, deliverDue } from './deliver.ts';
import { watchLedger } from './watch.ts';

export interface SenderOptions {
  env: Environment;
  ledgerPath: string;
  /** How long a receiver may take, milliseconds. */
  timeoutMs?: number;
  /** How long a channel is left alone after it has failed once; twice as long each further time. */
  firstWaitMs?: number;
}

/** How often a sender looks whether anything has come due: a statement on an index. */
const LOOK_EVERY_MS = 500;
/** Who finds another sender at work looks again after so long. */
const LOCKED_MS = 2000;
/** A sender that nobody asked to stay waits no longer than this for a receiver that failed. */
const LONGEST_STAY_MS = 300_000;
const BUSY_TIMEOUT_MS = 5000;

const NEVER = new AbortController().signal;

/**
 * Finds alerts and sends them until it is told to stop; for a process that stays, as a server. It may run
 * beside any other sender: one works at a time, the others wait for their turn. Never throws; what goes
 * wrong with a channel is in the ledger, anything else in hook.log.
 * @returns when what was under way has ended, after `timeoutMs` at most
 */
export async function runSender(signal: AbortSignal, options: SenderOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      await turn(options, signal, (db, work) => stay(db, work, signal));
    } catch (error) {
      log(options, error);
    }
    await pause(LOCKED_MS, signal);
  }
}

/**
 * Finds alerts, sends what is due, and stays while a receiver that failed is worth waiting for. Returns at
 * once where another sender is at work. Never throws.
 */
export async function runDetachedSender(options: SenderOptions): Promise<void> {
  try {
    // What came in while the other one was leaving is seen by whoever looks after it has left.
    while (await turn(options, NEVER, leaveWhenIdle)) {
      if (!isAnyDue(options)) return;
    }
  } catch (error) {
    log(options, error);
  }
}

/**
 * Finds alerts and tries everything that waits, once, whatever it waits for but quiet hours.
 * @returns false where another sender is at work: it does it
 * @throws SQLite's own error
 */
export async function sendNow(options: SenderOptions): Promise<boolean> {
  const db = openLedger(options.ledgerPath, { busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    new Outbox(db).release();
  } finally {
    db.close();
  }
  return turn(options, NEVER, async (_, work) => work(true));
}

type Work = (isWatching: boolean) => Promise<void>;

/** @returns false where another sender holds the lock */
async function turn(
  options: SenderOptions,
  signal: AbortSignal,
  body: (db: Ledger, work: Work) => Promise<void>,
): Promise<boolean> {
  const { env, ledgerPath, timeoutMs = TIMEOUT_MS, firstWaitMs = FIRST_WAIT_MS } = options;
  // Before the lock: its folder is made here.
  const db = openLedger(ledgerPath, { busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    const lock = SenderLock.take(ledgerPath);
    if (lock === null) return false;
    try {
      await body(db, async (isWatching) => {
        const settings = readSettings(env);
        if (isWatching) watch(db, options, settings);
        const times = { now: Date.now, timeoutMs, firstWaitMs };
        await deliverDue({ db, env, settings, signal, ...times });
      });
    } finally {
      lock.release();
    }
    return true;
  } finally {
    db.close();
  }
}

/** What can't be looked for keeps nothing from being sent. */
function watch(db: Ledger, options: SenderOptions, settings: Settings): void {
  try {
    watchLedger(db, options.env, settings, Date.now());
  } catch (error) {
    log(options, error);
  }
}

async function stay(db: Ledger, work: Work, signal: AbortSignal): Promise<void> {
  const outbox = new Outbox(db);
  const clock = new WatchClock();
  while (!signal.aborted) {
    const isWatching = clock.isTime();
    if (isWatching || isDue(outbox)) await work(isWatching);
    await pause(LOOK_EVERY_MS, signal);
  }
}

async function leaveWhenIdle(db: Ledger, work: Work): Promise<void> {
  const outbox = new Outbox(db);
  const clock = new WatchClock();
  await work(clock.isTime());
  for (;;) {
    const nextAtMs = outbox.nextAtMs(Date.now());
    if (nextAtMs === null || nextAtMs > Date.now() + LONGEST_STAY_MS) return;
    const isWatching = clock.isTime();
    if (isWatching || nextAtMs <= Date.now()) await work(isWatching);
    else await pause(LOOK_EVERY_MS, NEVER);
  }
}

/** When to look for alerts again: a little before hooks would start somebody to do it. */
class WatchClock {
  // Not the wall clock: that may go back.
  #lookedAtMs = -Infinity;

  isTime(): boolean {
    const nowMs = process.uptime() * 1000;
    if (nowMs - this.#lookedAtMs < 0.75 * WATCH_EVERY_MS) return false;
    this.#lookedAtMs = nowMs;
    return true;
  }
}

function isDue(outbox: Outbox): boolean {
  const nextAtMs = outbox.nextAtMs(Date.now());
  return nextAtMs !== null && nextAtMs <= Date.now();
}

function isAnyDue({ ledgerPath }: SenderOptions): boolean {
  const db = openLedger(ledgerPath, { busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    return isDue(new Outbox(db));
  } finally {
    db.close();
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

function log({ env, ledgerPath }: SenderOptions, error: unknown): void {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  logOnce(hookLogPath(ledgerPath), 'alerts', redact(text, readSettings(env)), Date.now());
}
