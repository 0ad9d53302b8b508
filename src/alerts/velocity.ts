import { ALERT_LEVELS, channelsFor } from '../core/alert/alert.ts';
import { stretchesAbove } from '../core/alert/velocity.ts';
import { formatUsd } from '../render/text/number-format.ts';
import { insertVelocityAlert } from '../store/alerts/candidates.ts';
import { MAX_ALERT_AGE_MS, type Watch } from './anomalies.ts';

/** Stores an alert for each stretch in which an hour cost more than a limit, once and at its highest level. */
export function recordVelocity({ db, alerts, nowMs, requests }: Watch): void {
  if (alerts.velocity === null) return;
  // Twice the maximum age, so that a stretch that continues is seen from its start.
  const recent = requests.filter(({ atMs }) => atMs >= nowMs - 2 * MAX_ALERT_AGE_MS).reverse();
  for (const level of ALERT_LEVELS.toReversed()) {
    const dollars = alerts.velocity[level];
    if (dollars === undefined) continue;
    const limitNanoUsd = Math.round(dollars * 1e9);
    for (const { sinceMs, untilMs, peakNanoUsd, peakAtMs } of stretchesAbove(
      limitNanoUsd,
      recent,
    )) {
      if (untilMs < nowMs - MAX_ALERT_AGE_MS) continue;
      const windowKey = new Date(sinceMs).toISOString();
      const peak = recent.findLast(({ atMs }) => atMs === peakAtMs);
      insertVelocityAlert(
        db,
        {
          key: `velocity:${windowKey}:${level}`,
          kind: 'velocity',
          subject: 'hour',
          windowKey,
          level,
          step: level,
          amountNanoUsd: peakNanoUsd,
          limitNanoUsd,
          reason: `${formatUsd(peakNanoUsd)} spent within an hour; the ${level} level is ${formatUsd(limitNanoUsd)}`,
          sessionId: peak?.sessionId ?? null,
          sinceMs,
          occurredAtMs: nowMs,
          channels: channelsFor(alerts, level),
        },
        untilMs,
      );
    }
  }
}
