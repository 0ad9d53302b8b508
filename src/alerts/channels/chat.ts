import type { AlertChannel, AlertLevel } from '../../core/alert/alert.ts';
import type { AlertJson } from '../../reports/alerts.ts';
import type { Settings } from '../../sources/settings/file.ts';
import { formatAlertText, formatAlertTitle } from '../message.ts';
import { post } from './http.ts';
import type { FindTarget } from './target.ts';

/** One POST to a chat service; `body` is sent as JSON. */
interface Message {
  url: string;
  body: object;
  headers?: Record<string, string>;
}

type FormatMessage = (alert: AlertJson, alerts: Settings['alerts']) => Message;

/** Slack's incoming webhooks have no message ids, so an alert that is sent twice is shown twice. */
const formatSlack: FormatMessage = (alert, { slackUrl }) => {
  const escape = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const text = `*${escape(formatAlertTitle(alert))}*\n${escape(formatAlertText(alert))}`;
  return { url: slackUrl ?? '', body: { text } };
};

const PRIORITIES: Record<AlertLevel, number> = { info: 2, warning: 4, critical: 5 };

/**
 * Posts to the topic at the end of the address. A message whose sequence id ntfy (2.16 and later) has already
 * seen replaces the earlier one.
 */
const formatNtfy: FormatMessage = (alert, { ntfyUrl, ntfyToken }) => {
  const address = new URL(ntfyUrl ?? '');
  const parts = address.pathname.replace(/\/+$/, '').split('/');
  const topic = decodeURIComponent(parts.pop() ?? '');
  address.pathname = `${parts.join('/')}/`;
  const body = {
    topic,
    title: formatAlertTitle(alert),
    message: formatAlertText(alert),
    priority: PRIORITIES[alert.level],
    tags: [alert.level === 'critical' ? 'rotating_light' : 'moneybag'],
    sequence_id: alert.id,
  };
  const headers: Record<string, string> = { 'x-sequence-id': alert.id };
  if (ntfyToken !== null) headers['authorization'] = `Bearer ${ntfyToken}`;
  return { url: address.href, body, headers };
};

/** Channels that are one POST of JSON. To add one, add a line here and a row in core/alert/channels.ts. */
export const CHAT_TARGETS = {
  slack: postsMessage(formatSlack),
  ntfy: postsMessage(formatNtfy),
} satisfies Partial<Record<AlertChannel, FindTarget>>;

function postsMessage(format: FormatMessage): FindTarget {
  return (alerts) => ({
    send: async (alert, _, timeoutMs) => {
      const { url, body, headers } = format(alert, alerts);
      const type = { 'content-type': 'application/json' };
      await post(url, JSON.stringify(body), { ...type, ...headers }, timeoutMs);
      return null;
    },
  });
}
