import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertChannel, AlertDraft } from '../../src/core/alert/alert.ts';
import { selectLedgerId } from '../../src/store/alerts/reader.ts';
import { insertAlerts } from '../../src/store/alerts/writer.ts';
import { type Ledger, openLedger } from '../../src/store/connection/open.ts';
import { type Home, query } from './home.ts';
import type { Receiver } from './receivers.ts';

export function draft(number: number, over: Partial<AlertDraft> = {}): AlertDraft {
  return {
    key: `budget:daily:warning:${number}`,
    kind: 'budget',
    subject: 'daily',
    windowKey: '2026-11-20',
    level: 'warning',
    step: 'warning',
    amountNanoUsd: 16_000_000_000,
    limitNanoUsd: 20_000_000_000,
    reason: `budget daily: 80% spent, $16.00 of $20.00 today (${number})`,
    sessionId: 's1',
    sinceMs: null,
    occurredAtMs: Date.now(),
    channels: ['webhook'],
    ...over,
  };
}

export function queueDrafts(ledger: string, ...drafts: AlertDraft[]): void {
  within(ledger, (db) => insertAlerts(db, drafts, null));
}

/** Stores some alerts. @returns their ids as receivers see them, in order */
export function queueAlerts(ledger: string, channel: AlertChannel, count: number): string[] {
  return within(ledger, (db) => {
    const drafts = Array.from({ length: count }, (_, at) => draft(at, { channels: [channel] }));
    insertAlerts(db, drafts, null);
    const ids = db.prepare('SELECT id FROM alerts ORDER BY id').pluck().all() as number[];
    return ids.map((id) => `${selectLedgerId(db).toLowerCase()}-${id}`);
  });
}

function within<Result>(ledger: string, work: (db: Ledger) => Result): Result {
  const db = openLedger(ledger, { busyTimeoutMs: 5000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

export interface OutboxState {
  channel: AlertChannel;
  state: string;
  attempts: number;
  error: string | null;
}

export function outbox({ ledger }: Home): OutboxState[] {
  return outboxOf(ledger);
}

export function outboxOf(ledger: string): OutboxState[] {
  return query(
    ledger,
    'SELECT channel, state, attempts, last_error AS error FROM notification_outbox ORDER BY id',
  );
}

/** The environment that makes a channel send to a receiver. */
export function channelEnv(
  channel: 'webhook' | 'email',
  { port }: Receiver,
): Record<string, string> {
  return channel === 'webhook'
    ? { TALLYHOOK_WEBHOOK_URL: `http://127.0.0.1:${port}/alerts` }
    : {
        ENABLE_EMAIL_ALERTS: 'true',
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: String(port),
        ALERT_FROM_EMAIL: 'tallyhook@example.com',
        ALERT_TO_EMAILS: 'you@example.com',
      };
}

/** Waits until a condition holds that another process brings about. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const since = process.uptime();
  while (!isSo()) {
    if (process.uptime() - since > 40) throw new Error(`it never came to pass: ${what}`);
    await sleep(20);
  }
}
