import { HOUR_MS } from '../core/time/units.ts';
import type { AlertChannel } from '../core/alert/alert.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import { parseQuietHours, quietUntil } from '../core/alert/quiet-hours.ts';
import { alertJson } from '../reports/alerts.ts';
import type { Environment } from '../sources/machine/paths.ts';
import type { Settings } from '../sources/settings/file.ts';
import { userZone } from '../sources/machine/user-zone.ts';
import { selectLedgerId } from '../store/alerts/reader.ts';
import type { Ledger } from '../store/connection/open.ts';
import { Outbox, type OutboxRow } from '../store/alerts/outbox.ts';
import { redact, channelTarget } from './channels/index.ts';
import type { Target } from './channels/target.ts';
import { DeliveryError } from './channels/http.ts';

/** How long a receiver may take to answer. */
export const TIMEOUT_MS = 10_000;
export const FIRST_WAIT_MS = 2000;
/** How long to wait before a channel that can't be used is checked again. */
const NO_TARGET_WAIT_MS = 600_000;
/** An alert refused this often, over this long, is dropped: it will never be accepted; later ones may be. */
const MAX_ATTEMPTS = 20;
const MIN_TRYING_MS = 24 * HOUR_MS;
/** How many pending alerts of a channel are searched for one that quiet hours do not hold back. */
const MAX_ROWS = 500;

export interface Delivering {
  db: Ledger;
  env: Environment;
  settings: Settings;
  now: () => number;
  timeoutMs: number;
  /** How long a channel is left alone after it has failed once. */
  firstWaitMs: number;
  /** Once aborted, nothing more is started; deliveries in progress are completed. */
  signal: AbortSignal;
}

/** Sends what is due. Channels are served in parallel, so that one that hangs does not delay the others. */
export async function deliverDue(context: Delivering): Promise<void> {
  const outbox = new Outbox(context.db);
  const channels = outbox.waiting().map(({ channel }) => channel);
  const ended = await Promise.allSettled(
    channels.map((channel) => deliverChannel(outbox, channel, context)),
  );
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Sends in order: after a failure, the alerts behind it wait. */
async function deliverChannel(
  outbox: Outbox,
  channel: AlertChannel,
  context: Delivering,
): Promise<void> {
  const { settings, now, signal } = context;
  const ledgerId = selectLedgerId(context.db);
  const target = channelTarget(channel, settings, context.env);
  while (!signal.aborted) {
    const row = computeNextTry(outbox, channel, settings, now());
    if (row === null) return;
    if ('problem' in target) {
      const nowMs = now();
      outbox.holdChannel(
        channel,
        redact(target.problem, settings),
        nowMs,
        nowMs + NO_TARGET_WAIT_MS,
      );
      return;
    }
    const isGoingOn = await deliver(outbox, target, row, ledgerId, context);
    if (!isGoingOn) return;
  }
}

/** The row that is next in turn, if it may be tried now. */
function computeNextTry(
  outbox: Outbox,
  channel: AlertChannel,
  { alerts, timezone }: Settings,
  nowMs: number,
): OutboxRow | null {
  const hours = alerts.quietHours === null ? null : parseQuietHours(alerts.quietHours);
  const untilMs = hours === null ? null : quietUntil(hours, nowMs, userZone(timezone));
  const rows = outbox.selectPending(channel, untilMs === null ? 1 : MAX_ROWS);
  const passes = ({ alert }: OutboxRow): boolean =>
    untilMs === null || (alerts.quietPass === 'critical' && alert.level === 'critical');
  const held = rows.filter((row) => !passes(row));
  if (untilMs !== null && held.length > 0) {
    outbox.holdRows(
      held.map(({ outboxId }) => outboxId),
      nowMs,
      untilMs,
    );
  }
  const next = rows.find(passes);
  if (next === undefined) return null;
  // Held at a time in the future means that the clock was set back since: the hold does not apply.
  if (nowMs < next.heldAtMs || nowMs >= next.notBeforeMs) return next;
  // Alerts that arrived behind it wait as long.
  outbox.hold(channel, nowMs, next.notBeforeMs);
  return null;
}

/** @returns whether to try the next alert */
async function deliver(
  outbox: Outbox,
  target: Target,
  row: OutboxRow,
  ledgerId: string,
  { settings, now, timeoutMs, firstWaitMs }: Delivering,
): Promise<boolean> {
  let note: string | null;
  try {
    note = await target.send(alertJson(row.alert, ledgerId), now(), timeoutMs);
  } catch (error) {
    const nowMs = now();
    const reason = redact(toErrorMessage(error), settings);
    const attempts = row.attempts + 1;
    const tryingMs = nowMs - (row.firstTriedAtMs ?? nowMs);
    if (attempts >= MAX_ATTEMPTS && tryingMs >= MIN_TRYING_MS) {
      outbox.giveUp(row.outboxId, reason, nowMs);
      return true;
    }
    const waitMs = Math.min(HOUR_MS, firstWaitMs * 2 ** (attempts - 1));
    outbox.failed(row, reason, nowMs, nowMs + Math.max(waitMs, getRetryAfterMs(error)));
    return false;
  }
  // A crash between the receiver's answer and this commit means that it is sent again, under the same id.
  outbox.sent(row.outboxId, note === null ? null : redact(note, settings), now());
  return true;
}

function getRetryAfterMs(error: unknown): number {
  return error instanceof DeliveryError ? (error.retryAfterMs ?? 0) : 0;
}
