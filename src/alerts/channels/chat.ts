import type { AlertLevel } from '../../core/alert/alert.ts';
import type { AlertJson } from '../../reports/alerts.ts';
import { formatAlertText, formatAlertTitle } from '../message.ts';
import { post } from './http.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Slack's incoming webhooks know no ids: what reaches them twice is shown twice. */
export async function sendSlack(url: string, alert: AlertJson, timeoutMs: number): Promise<void> {
  const escape = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const text = `*${escape(formatAlertTitle(alert))}*\n${escape(formatAlertText(alert))}`;
  await post(url, JSON.stringify({ text }), JSON_TYPE, timeoutMs);
}

const PRIORITIES: Record<AlertLevel, number> = { info: 2, warning: 4, critical: 5 };

/**
 * To the topic at the end of the address. A message with a sequence id that ntfy (2.16 and later) has seen
 * takes the place of the earlier one.
 */
export async function sendNtfy(
  { url, token }: { url: string; token: string | null },
  alert: AlertJson,
  timeoutMs: number,
): Promise<void> {
  const address = new URL(url);
  const parts = address.pathname.replace(/\/+$/, '').split('/');
  const topic = decodeURIComponent(parts.pop() ?? '');
  address.pathname = `${parts.join('/')}/`;
  const body = JSON.stringify({
    topic,
    title: formatAlertTitle(alert),
    message: formatAlertText(alert),
    priority: PRIORITIES[alert.level],
    tags: [alert.level === 'critical' ? 'rotating_light' : 'moneybag'],
    sequence_id: alert.id,
  });
  const headers: Record<string, string> = { ...JSON_TYPE, 'x-sequence-id': alert.id };
  if (token !== null) headers['authorization'] = `Bearer ${token}`;
  await post(address.href, body, headers, timeoutMs);
}
