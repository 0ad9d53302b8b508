// The answers of the REST API. Only types: their schemas, and zod, stay on the server.
import type { RecordJson } from '../../core/record/record-json.ts';
import type { BudgetStatusJson } from '../../reports/budgets.ts';
import type { SessionExplanation } from '../../reports/explain/session.ts';
import type { Group, Sum, Totals } from '../../reports/report.ts';
import type { TimelineRequest } from '../../reports/explain/timeline.ts';
import type { ShareGroup } from '../../reports/shares/shares.ts';
import type {
  cacheAnswer,
  point,
  pricingAnswer,
  recordsAnswer,
  summaryAnswer,
  timeseriesAnswer,
} from '../../schemas/answers/costs.ts';
import type { coverageAnswer } from '../../schemas/answers/coverage.ts';
import type { alertsAnswer, budgetsAnswer, listedAlert } from '../../schemas/answers/limits.ts';
import type {
  listedSession,
  sessionAnswer,
  sessionsAnswer,
  sharesAnswer,
  timelineAnswer,
} from '../../schemas/answers/sessions.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';

export type { BudgetStatusJson, Group, RecordJson, SessionExplanation, ShareGroup, Sum, Totals };
export type { TimelineRequest };

export type Summary = DocumentOf<typeof summaryAnswer>;
export type Records = DocumentOf<typeof recordsAnswer>;
export type CacheSavings = DocumentOf<typeof cacheAnswer>;

export type Timeseries = DocumentOf<typeof timeseriesAnswer>;
export type Interval = Timeseries['interval'];
export type Point = DocumentOf<typeof point>;

export type Sessions = DocumentOf<typeof sessionsAnswer>;
export type SessionListItem = DocumentOf<typeof listedSession>;
export type SessionBreakdown = DocumentOf<typeof sessionAnswer>;
export type Timeline = DocumentOf<typeof timelineAnswer>;
export type Shares = DocumentOf<typeof sharesAnswer>;

export type Budgets = DocumentOf<typeof budgetsAnswer>;
export type Alerts = DocumentOf<typeof alertsAnswer>;
export type Alert = DocumentOf<typeof listedAlert>;

export type CoverageAnswer = DocumentOf<typeof coverageAnswer>;
export type Prices = DocumentOf<typeof pricingAnswer>;
