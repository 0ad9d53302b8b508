import { jsonText } from '../../core/lang/printable.ts';
import { createHmac } from 'node:crypto';
import type { AlertJson } from '../../reports/alerts.ts';
import { toAlertDocument } from '../message.ts';
import { post } from './http.ts';
import type { FindTarget } from './target.ts';

export const findWebhook: FindTarget = ({ webhookUrl, webhookSecret }) => ({
  send: async (alert, nowMs, timeoutMs) => {
    const receiver = { url: webhookUrl ?? '', secret: webhookSecret };
    await sendWebhook(receiver, alert, nowMs, timeoutMs);
    return null;
  },
});

/**
 * Posts the alert as JSON, signed as Standard Webhooks specifies: HMAC-SHA256 over id, time and body.
 * Libraries that check this signature exist for most languages.
 */
async function sendWebhook(
  { url, secret }: { url: string; secret: string | null },
  alert: AlertJson,
  nowMs: number,
  timeoutMs: number,
): Promise<void> {
  const body = jsonText(toAlertDocument(alert));
  const timestamp = String(Math.floor(nowMs / 1000));
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'idempotency-key': alert.id,
    'webhook-id': alert.id,
    'webhook-timestamp': timestamp,
  };
  if (secret !== null) headers['webhook-signature'] = signature(secret, alert.id, timestamp, body);
  await post(url, body, headers, timeoutMs);
}

/** A secret with the prefix `whsec_` is base64; any other is used as UTF-8 bytes. */
function signature(secret: string, id: string, timestamp: string, body: string): string {
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret);
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return `v1,${digest}`;
}
