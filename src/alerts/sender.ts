import { setTimeout as sleep } from 'node:timers/promises';
import { logOnce } from '../sources/machine/diagnostics.ts';
import { type Environment, hookLogPath } from '../sources/machine/paths.ts';
import { type Settings, readSettings } from '../sources/settings/file.ts';
import { type Ledger, openLedger } from '../store/connection/open.ts';
import { Outbox } from '../store/alerts/outbox.ts';
import { SenderLock } from '../store/alerts/sender-lock.ts';
import { SCAN_INTERVAL_MS } from '../store/alerts/schedule.ts';
import { redact } from './channels/index.ts';
import { FIRST_WAIT_MS, TIMEOUT_MS, deliverDue } from './deliver.ts';
import { watchLedger } from './watch.ts';

export interface SenderOptions {
  env: Environment;
  ledgerPath: string;
  /** How long a receiver may take to answer, milliseconds. */
  timeoutMs?: number;
  /** How long a channel is left alone after its first failure, milliseconds; doubled after each further one. */
  firstWaitMs?: number;
}

/** How often a sender checks whether anything is due; a check is one statement on an index. */
const CHECK_EVERY_MS = 500;
/** How long to wait before trying again for a lock that another sender holds. */
const LOCKED_MS = 2000;
/** The longest that a detached sender stays to wait for a receiver that failed. */
const LONGEST_STAY_MS = 300_000;
const BUSY_TIMEOUT_MS = 5000;

const NEVER = new AbortController().signal;

/**
 * Finds alerts and sends them until the signal aborts; for a long-lived process, such as a server. Several
 * senders may run at once: one works at a time, the others wait for their turn. Never throws: channel
 * problems are stored in the ledger, anything else is logged to hook.log.
 * @returns when deliveries in progress have ended, after `timeoutMs` at most
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
 * Finds alerts, sends what is due, and stays for at most five minutes to retry a receiver that failed.
 * Returns at once if another sender is working. Never throws.
 */
export async function runDetachedSender(options: SenderOptions): Promise<void> {
  try {
    // The other sender may have missed what arrived while it was ending, so this one checks again.
    while (await turn(options, NEVER, leaveWhenIdle)) {
      if (!isAnyDue(options)) return;
    }
  } catch (error) {
    log(options, error);
  }
}

/**
 * Finds alerts and tries every pending delivery once, except those that quiet hours hold back.
 * @returns false if another sender is working, which then does it
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

/** @returns false if another sender holds the lock */
async function turn(
  options: SenderOptions,
  signal: AbortSignal,
  body: (db: Ledger, work: Work) => Promise<void>,
): Promise<boolean> {
  const { env, ledgerPath, timeoutMs = TIMEOUT_MS, firstWaitMs = FIRST_WAIT_MS } = options;
  // Before taking the lock, as this creates its folder.
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

/** A failed scan does not keep pending alerts from being sent. */
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
    await pause(CHECK_EVERY_MS, signal);
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
    else await pause(CHECK_EVERY_MS, NEVER);
  }
}

/** Decides when to scan again: slightly before hooks would start a sender to do so. */
class WatchClock {
  // Not the wall clock, which may be set back.
  #scannedAtMs = -Infinity;

  isTime(): boolean {
    const nowMs = process.uptime() * 1000;
    if (nowMs - this.#scannedAtMs < 0.75 * SCAN_INTERVAL_MS) return false;
    this.#scannedAtMs = nowMs;
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
