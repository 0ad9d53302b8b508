// The documents of the REST API, as far as the dashboard reads them; /openapi.json has them whole.
import type { RecordJson } from '../../core/record/record-json.ts';
import type { BudgetStatusJson } from '../../reports/budgets.ts';
import type { SessionExplanation } from '../../reports/explain/session.ts';
import type { Group, Sum, Totals } from '../../reports/report.ts';
import type { TimelineRequest } from '../../reports/explain/timeline.ts';
import type { ShareGroup } from '../../reports/shares/shares.ts';

export type { BudgetStatusJson, Group, RecordJson, SessionExplanation, ShareGroup, Sum, Totals };
export type { TimelineRequest };

export interface Period {
  range: string;
  since: string | null;
  until: string | null;
}

export interface Summary {
  timezone: string;
  period: Period;
  totals: Totals;
  groups: Group[];
}

export interface Point extends Totals {
  start: string;
  label: string;
  groups?: Group[];
}

export type Interval = 'hour' | 'day' | 'week' | 'month';

export interface Timeseries {
  timezone: string;
  interval: Interval;
  period: Period;
  points: Point[];
}

export interface Paged {
  total: number;
  page: number;
  pageSize: number;
}

export interface SessionListItem extends Totals {
  sessionId: string;
  parentSessionId: string | null;
  project: string | null;
  firstAt: string;
  lastAt: string;
  models: string[];
  agentTypes: (string | null)[];
}

export interface Sessions extends Paged {
  sessions: SessionListItem[];
}

export interface SessionBreakdown {
  sessionId: string;
  session: SessionListItem | null;
  totals: Totals;
  byModel: Group[];
  byTool: Group[];
  byAgent: Group[];
  unattributedCostNanoUsd?: Sum;
}

export interface Timeline {
  sessionId: string;
  total: number;
  requests: TimelineRequest[];
}

export interface Shares {
  totals: Totals;
  groups: ShareGroup[];
}

export interface CacheSavings {
  savedUsd: number;
  savedNanoUsd: number;
  requests: number;
  unknownRequests: number;
}

export interface Budgets {
  sessionId: string | null;
  budgets: BudgetStatusJson[];
}

export interface Alert {
  number: number;
  at: string;
  kind: 'budget' | 'anomaly' | 'velocity';
  level: string;
  subject: string;
  reason: string;
  amountUsd: number;
  limitUsd: number | null;
  sessionId: string | null;
  acknowledgedAt: string | null;
}

export interface Alerts extends Paged {
  alerts: Alert[];
  /** Not acknowledged, of all pages. */
  open: number;
}

export interface CoveredSession {
  sessionId: string;
  project: string | null;
  lastAt: string;
  ledgerCostNanoUsd: Sum;
  clientCostNanoUsd: Sum | null;
  unattributedCostNanoUsd: Sum | null;
  coverage: number | null;
}

export interface CoverageAnswer extends Paged {
  totals: {
    costNanoUsd: Sum;
    clientCostNanoUsd: Sum;
    unattributedCostNanoUsd: Sum;
    sessions: number;
    silentSessions: number;
    silentCostNanoUsd: Sum;
  };
  sessions: CoveredSession[];
}

export interface Records extends Paged {
  records: RecordJson[];
}
