import type { Route } from '../http/route.ts';
import { acknowledgeRoute } from './alert-changes.ts';
import { alertsRoute } from './alerts.ts';
import { removeBudgetRoute, setBudgetRoute } from './budget-changes.ts';
import { budgetsRoute } from './budgets.ts';
import { cacheRoute } from './cache.ts';
import { coverageRoute } from './coverage.ts';
import { hookRoute } from './hook.ts';
import { ledgerCheck, ledgerFigures, recordsAfter } from './inner.ts';
import { pricingRoute } from './pricing.ts';
import { recordsRoute } from './records.ts';
import { explainRoute, timelineRoute } from './session-views.ts';
import { sessionRoute, sessionsRoute } from './sessions.ts';
import { sharesRoute } from './shares.ts';
import { summaryRoute } from './summary.ts';
import { telemetryRoute } from './telemetry.ts';
import { timeseriesRoute } from './timeseries.ts';

/** Every route that a worker answers. To add one, add a line here. */
export const routes: readonly Route[] = [
  recordsRoute,
  summaryRoute,
  sessionsRoute,
  sessionRoute,
  explainRoute,
  timelineRoute,
  timeseriesRoute,
  sharesRoute,
  cacheRoute,
  pricingRoute,
  budgetsRoute,
  setBudgetRoute,
  removeBudgetRoute,
  alertsRoute,
  acknowledgeRoute,
  coverageRoute,
  hookRoute,
  telemetryRoute,
];

/** These routes and the server's internal ones, by method and path. */
export const allRoutes: ReadonlyMap<string, Route> = new Map(
  [...routes, ledgerCheck, ledgerFigures, recordsAfter].map((one) => [formatRouteName(one), one]),
);

export function formatRouteName({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return `${method} ${path}`;
}
