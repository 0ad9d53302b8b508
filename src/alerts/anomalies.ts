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

/** What is older than this is no news to anybody: a first import brings years of it. */
export const MAX_ALERT_AGE_MS = DAY_MS;

/** One place and time to look from. */
export interface Watch {
  db: Ledger;
  alerts: Settings['alerts'];
  nowMs: number;
  offset: ZoneOffset;
  /** The latest ones, the newest first. */
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

/** Keeps the days, sessions and requests that are far above their own history. */
export function recordAnomalies(watch: Watch): void {
  const thresholds = watch.alerts.anomalies;
  if (thresholds === null) return;
  const found = [
    ...anomalousDays(watch, thresholds),
    ...anomalousSessions(watch, thresholds),
    ...anomalousRequests(watch, thresholds),
  ];
  for (const one of found) {
    escalateAlert(watch.db, `anomaly:${one.subject}:${one.windowKey}`, toAlertDraft(watch, one));
  }
}

function toAlertDraft({ alerts, nowMs }: Watch, found: Anomaly): Omit<AlertDraft, 'key'> {
  const { level } = found.judgement;
  return {
    kind: 'anomaly',
    subject: found.subject,
    windowKey: found.windowKey,
    level,
    step: level,
    amountNanoUsd: found.amountNanoUsd,
    limitNanoUsd: Math.round(found.baseline.usualNanoUsd),
    reason: found.reason,
    sessionId: found.sessionId,
    sinceMs: found.sinceMs,
    occurredAtMs: nowMs,
    channels: channelsFor(alerts, level),
  };
}

function anomalousDays({ db, nowMs, offset }: Watch, thresholds: Thresholds): Anomaly[] {
  const sums = new Map<number, number>();
  // Twice as many days as are needed: there are some without a request.
  for (const { atMs, costNanoUsd } of quarterSums(db, nowMs - 2 * HISTORY.day * DAY_MS)) {
    const day = toLocalDay(atMs, offset);
    sums.set(day, (sums.get(day) ?? 0) + costNanoUsd);
  }
  const news = toLocalDay(nowMs - MAX_ALERT_AGE_MS, offset);
  return [...sums].flatMap(([day, amountNanoUsd]) => {
    if (day < news) return [];
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

/** A model's requests are compared with its own. */
function anomalousRequests({ nowMs, requests }: Watch, thresholds: Thresholds): Anomaly[] {
  const byModel = new Map<string, JudgedRequest[]>();
  for (const request of requests) {
    const of = byModel.get(request.model);
    if (of === undefined) byModel.set(request.model, [request]);
    else if (of.length <= HISTORY.request || request.atMs >= nowMs - MAX_ALERT_AGE_MS)
      of.push(request);
  }
  return [...byModel.values()].flatMap((of) => {
    const baseline = computeBaseline(
      'request',
      of.map(({ costNanoUsd }) => costNanoUsd),
    );
    if (baseline === null) return [];
    return of.flatMap((request) => {
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
