import { printable } from '../core/lang/printable.ts';
import type { AlertDocument, AlertJson } from '../reports/alerts.ts';

export function toAlertDocument(alert: AlertJson): AlertDocument {
  return { schemaVersion: 1, type: 'alert', ...alert };
}

const SUBJECTS: Record<AlertJson['kind'], (alert: AlertJson) => string> = {
  budget: ({ subject }) => `budget ${subject}`,
  anomaly: ({ subject }) => `unusual ${subject}`,
  velocity: () => 'fast spending',
};

/** `tallyhook warning: budget daily`. */
export function formatAlertTitle(alert: AlertJson): string {
  return printable(`tallyhook ${alert.level}: ${SUBJECTS[alert.kind](alert)}`);
}

/** The reason, and below it the project and session. */
export function formatAlertText({ reason, sessionId, project }: AlertJson): string {
  const place = [
    ...(project === null ? [] : [`project ${project}`]),
    ...(sessionId === null ? [] : [`session ${sessionId}`]),
  ];
  return [reason, ...(place.length === 0 ? [] : [place.join(', ')])].map(printable).join('\n');
}
