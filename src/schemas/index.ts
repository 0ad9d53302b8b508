import type * as z from 'zod';
import { cacheMisses, explainedRequest, explainedSession, shares } from './attribution.ts';
import { alert, alertsAck, alertsList, alertsSend, alertsTest } from './alerts.ts';
import {
  budgetAllow,
  budgetCheck,
  budgetHistory,
  budgetList,
  budgetRemove,
  budgetSet,
  budgetStatus,
} from './budgets.ts';
import { coverage, reconcile } from './coverage.ts';
import { pricingDiff, pricingList, pricingShow, pricingUnknown, pricingUpdate } from './prices.ts';
import { estimate, reprice } from './prices.ts';
import { record } from './record.ts';
import { compare, exported, overview, project, report, requests, session } from './reports.ts';
import { projectSettings, settings } from './settings.ts';
import { configShow, doctor, imported, verify } from './upkeep.ts';

export interface PublishedSchema {
  title: string;
  schema: z.ZodType;
}

/** Every document that is printed or read, by the name that `tallyhook schema` has for it. */
export const SCHEMAS: Record<string, PublishedSchema> = {
  report: { title: 'A report: summary, daily, weekly, monthly, sessions', schema: report },
  overview: { title: 'Bare tallyhook, bare summary', schema: overview },
  session: { title: 'One session: summary --session', schema: session },
  shares: {
    title: 'A report of shares: --by cause, part, file, command, plugin, or --attributed',
    schema: shares,
  },
  'explain-session': { title: 'explain, of a session', schema: explainedSession },
  'explain-request': { title: 'explain, of a request', schema: explainedRequest },
  'cache-misses': { title: 'cache-misses', schema: cacheMisses },
  project: { title: 'project', schema: project },
  requests: { title: 'requests', schema: requests },
  record: {
    title: 'One request: a line of tail --json and export --format ndjson',
    schema: record,
  },
  export: { title: 'export --format json', schema: exported },
  compare: { title: 'compare', schema: compare },
  coverage: { title: 'coverage', schema: coverage },
  reconcile: { title: 'coverage --reconcile', schema: reconcile },
  import: { title: 'import', schema: imported },
  doctor: { title: 'doctor', schema: doctor },
  verify: { title: 'verify', schema: verify },
  'pricing-show': { title: 'pricing show', schema: pricingShow },
  'pricing-list': { title: 'pricing list', schema: pricingList },
  'pricing-unknown': { title: 'pricing unknown', schema: pricingUnknown },
  'pricing-update': { title: 'pricing update', schema: pricingUpdate },
  'pricing-diff': { title: 'pricing diff', schema: pricingDiff },
  reprice: { title: 'reprice', schema: reprice },
  estimate: { title: 'estimate', schema: estimate },
  'budget-status': { title: 'budget status', schema: budgetStatus },
  'budget-check': { title: 'budget check', schema: budgetCheck },
  'budget-list': { title: 'budget list', schema: budgetList },
  'budget-set': { title: 'budget set', schema: budgetSet },
  'budget-remove': { title: 'budget remove', schema: budgetRemove },
  'budget-allow': { title: 'budget allow', schema: budgetAllow },
  'budget-history': { title: 'budget history', schema: budgetHistory },
  alerts: { title: 'alerts', schema: alertsList },
  'alerts-ack': { title: 'alerts ack', schema: alertsAck },
  'alerts-send': { title: 'alerts send', schema: alertsSend },
  'alerts-test': { title: 'alerts test', schema: alertsTest },
  alert: { title: 'An alert as a webhook gets it', schema: alert },
  'config-show': { title: 'config show', schema: configShow },
  settings: { title: 'Settings: ~/.config/tallyhook/settings.json', schema: settings },
  'project-settings': { title: "A project's .tallyhook.json", schema: projectSettings },
};
