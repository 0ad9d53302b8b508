import { DAY_MS } from '../core/time/units.ts';
import { type AlertDraft, channelsFor, type Thresholds } from '../core/alert/alert.ts';
import {
  type AnomalySubject,
  type Baseline,
  HISTORY,
  type Judgement,
  computeBaseline,
  judge,
} from '../core/alert/anomaly.ts';
import { type ZoneOffset, toLocalDay, startOfDay, timeLabel } from '../core/time/period.ts';
import type { Settings } from '../core/settings/resolve.ts';
import { formatCount, formatUsd } from '../render/text/number-format.ts';
import {
  type JudgedRequest,
  escalateAlert,
  latestSessions,
  type MainParts,
  mainParts,
  quarterSums,
} from '../store/alerts/candidates.ts';
import type { Ledger } from '../store/connection/open.ts';

/** Anything older than this raises no alert: a first import brings years of history. */
export const MAX_ALERT_AGE_MS = DAY_MS;

/** What one scan for alerts is given. */
export interface Watch {
  db: Ledger;
  alerts: Settings['alerts'];
  nowMs: number;
  offset: ZoneOffset;
  /** The latest requests, newest first. */
  requests: readonly JudgedRequest[];
}

/** What an anomaly is about. */
interface Anomaly {
  subject: AnomalySubject;
  windowKey: string;
  amountNanoUsd: number;
  sessionId: string | null;
  sinceMs: number;
  baseline: Baseline;
  judgement: Judgement;
  reason: string;
}

/** Stores an alert for each day, session and request that is far above the usual, once per level. */
export function recordAnomalies(watch: Watch): void {
  const thresholds = watch.alerts.anomalies;
  if (thresholds === null) return;
  const anomalies = [
    ...anomalousDays(watch, thresholds),
    ...anomalousSessions(watch, thresholds),
    ...anomalousRequests(watch, thresholds),
  ];
  for (const anomaly of anomalies) {
    const key = `anomaly:${anomaly.subject}:${anomaly.windowKey}`;
    escalateAlert(watch.db, key, toAlertDraft(watch, anomaly));
  }
}

function toAlertDraft({ alerts, nowMs }: Watch, anomaly: Anomaly): Omit<AlertDraft, 'key'> {
  const { level } = anomaly.judgement;
  return {
    kind: 'anomaly',
    subject: anomaly.subject,
    windowKey: anomaly.windowKey,
    level,
    step: level,
    amountNanoUsd: anomaly.amountNanoUsd,
    limitNanoUsd: Math.round(anomaly.baseline.usualNanoUsd),
    reason: anomaly.reason,
    sessionId: anomaly.sessionId,
    sinceMs: anomaly.sinceMs,
    occurredAtMs: nowMs,
    channels: channelsFor(alerts, level),
  };
}

function anomalousDays({ db, nowMs, offset }: Watch, thresholds: Thresholds): Anomaly[] {
  const sums = new Map<number, number>();
  // Twice as many days as needed, since some have no requests.
  for (const { atMs, costNanoUsd } of quarterSums(db, nowMs - 2 * HISTORY.day * DAY_MS)) {
    const day = toLocalDay(atMs, offset);
    sums.set(day, (sums.get(day) ?? 0) + costNanoUsd);
  }
  const firstDay = toLocalDay(nowMs - MAX_ALERT_AGE_MS, offset);
  return [...sums].flatMap(([day, amountNanoUsd]) => {
    if (day < firstDay) return [];
    const history = [...sums].filter(([other]) => other <= day).slice(-HISTORY.day - 1);
    const baseline = computeBaseline(
      'day',
      history.map(([, cost]) => cost),
    );
    const judgement = baseline && judge('day', amountNanoUsd, baseline, thresholds);
    if (baseline === null || judgement === null) return [];
    const [sinceMs, untilMs] = [startOfDay(day, offset), startOfDay(day + 1, offset)];
    const windowKey = timeLabel('day', sinceMs, offset);
    const parts = partsText(mainParts(db, { sinceMs, untilMs }), amountNanoUsd);
    const reason = `${windowKey} cost ${timesText(amountNanoUsd, baseline, 'days')}${parts}`;
    return [
      {
        subject: 'day',
        windowKey,
        amountNanoUsd,
        sessionId: null,
        sinceMs,
        baseline,
        judgement,
        reason,
      },
    ];
  });
}

function anomalousSessions({ db, nowMs }: Watch, thresholds: Thresholds): Anomaly[] {
  const sessions = latestSessions(db, HISTORY.session + 1);
  const baseline = computeBaseline(
    'session',
    sessions.map(({ costNanoUsd }) => costNanoUsd),
  );
  if (baseline === null) return [];
  return sessions.flatMap(({ sessionId, costNanoUsd, firstAtMs, lastAtMs }) => {
    const judgement = judge('session', costNanoUsd, baseline, thresholds);
    if (lastAtMs < nowMs - MAX_ALERT_AGE_MS || judgement === null) return [];
    const parts = partsText(mainParts(db, { sessionId }), costNanoUsd);
    const reason = `session ${sessionId.slice(0, 8)} cost ${timesText(costNanoUsd, baseline, 'sessions')}${parts}`;
    return [
      {
        subject: 'session',
        windowKey: sessionId,
        amountNanoUsd: costNanoUsd,
        sessionId,
        sinceMs: firstAtMs,
        baseline,
        judgement,
        reason,
      },
    ];
  });
}

/** Compares each request with other requests of the same model. */
function anomalousRequests({ nowMs, requests }: Watch, thresholds: Thresholds): Anomaly[] {
  const byModel = new Map<string, JudgedRequest[]>();
  for (const request of requests) {
    const ofModel = byModel.get(request.model);
    if (ofModel === undefined) byModel.set(request.model, [request]);
    else if (ofModel.length <= HISTORY.request || request.atMs >= nowMs - MAX_ALERT_AGE_MS)
      ofModel.push(request);
  }
  return [...byModel.values()].flatMap((ofModel) => {
    const baseline = computeBaseline(
      'request',
      ofModel.map(({ costNanoUsd }) => costNanoUsd),
    );
    if (baseline === null) return [];
    return ofModel.flatMap((request) => {
      const { id, sessionId, atMs, model, costNanoUsd } = request;
      const judgement =
        atMs < nowMs - MAX_ALERT_AGE_MS
          ? null
          : judge('request', costNanoUsd, baseline, thresholds);
      if (judgement === null) return [];
      const tokens = `${formatCount(request.inputTokens)} tokens in, ${formatCount(request.outputTokens)} out`;
      const reason = `a request to ${model} cost ${timesText(costNanoUsd, baseline, 'requests')}; ${tokens}`;
      const amount = { amountNanoUsd: costNanoUsd, sessionId, sinceMs: atMs };
      return [{ subject: 'request', windowKey: id, ...amount, baseline, judgement, reason }];
    });
  });
}

/** `$84.10, 6.2 times the usual $13.50 (the median of 41 days)`. */
function timesText(costNanoUsd: number, { usualNanoUsd, count }: Baseline, what: string): string {
  const times = costNanoUsd / usualNanoUsd;
  const usual = Math.round(usualNanoUsd);
  const [cost, median] = [costNanoUsd, usual].map((nano) => formatUsd(nano, usual < 1e7 ? 4 : 2));
  const shown = times < 10 ? times.toFixed(1) : formatCount(Math.round(times));
  return `${cost}, ${shown} times the usual ${median} (the median of ${count} ${what})`;
}

function partsText(parts: MainParts, costNanoUsd: number): string {
  const share = (nano: number): string => `${Math.round((100 * nano) / Math.max(1, costNanoUsd))}%`;
  const texts = [`${formatCount(parts.requests)} ${parts.requests === 1 ? 'request' : 'requests'}`];
  if (parts.model !== null) texts.push(`${share(parts.modelNanoUsd)} ${parts.model}`);
  if (parts.project !== null) {
    texts.push(`${share(parts.projectNanoUsd)} in project ${parts.project}`);
  }
  return `; ${texts.join(', ')}`;
}
