import * as z from 'zod';
import type { AlertDocument, AlertJson, ChannelJson, DeliveryJson } from '../reports/alerts.ts';
import { ALERT_CHANNELS, ALERT_KINDS, ALERT_LEVELS, DELIVERY_STATES } from '../core/alert/alert.ts';
import { document, time, usd } from './parts.ts';
import { schemaOf } from './schema-of.ts';

const alertShape = {
  id: z.string().describe('The same in every delivery of the alert'),
  number: z.int().describe('The number that `alerts ack` takes'),
  kind: z.enum(ALERT_KINDS),
  level: z.enum(ALERT_LEVELS),
  subject: z.string().describe("A budget's name, or `day`, `session`, `request` or `hour`"),
  windowKey: z
    .string()
    .describe('Which window of the subject: a day, a session, a request or a time'),
  amountNanoUsd: z.int(),
  amountUsd: usd,
  limitNanoUsd: z
    .int()
    .nullable()
    .describe("The budget's limit, the usual amount, or the threshold of an hour"),
  limitUsd: usd.nullable(),
  reason: z.string(),
  sessionId: z.string().nullable(),
  project: z.string().nullable(),
  at: time,
  acknowledgedAt: time.nullable(),
};

const channelShape = {
  channel: z.enum(ALERT_CHANNELS),
  isOn: z.boolean(),
  problem: z.string().nullable().describe('Null: no problem is known'),
  sent: z.int(),
  pending: z.int(),
  failed: z.int().describe('Deliveries that were given up'),
  attempts: z.int().describe('How often the pending delivery was tried'),
  lastSentAt: time.nullable(),
  nextTryAt: time.nullable(),
};

export const alert = schemaOf<AlertDocument>()(
  document({ type: z.literal('alert'), ...alertShape }),
);

const delivery = schemaOf<DeliveryJson>()(
  z.looseObject({
    channel: z.enum(ALERT_CHANNELS),
    state: z.enum(DELIVERY_STATES),
    attempts: z.int(),
    lastError: z.string().nullable(),
    sentAt: time.nullable(),
  }),
);

const listed = schemaOf<AlertJson & { deliveries: DeliveryJson[] }>()(
  z.looseObject({ ...alertShape, deliveries: z.array(delivery) }),
);

export const alertsList = document({
  generatedAt: time,
  timezone: z.string(),
  alerts: z.array(listed),
  channels: z.array(schemaOf<ChannelJson>()(z.looseObject(channelShape))),
});

export const alertsAck = document({ acknowledged: z.array(z.int()) });

export const alertsSend = document({
  channels: z.array(z.looseObject({ ...channelShape, sentNow: z.int() })),
});

export const alertsTest = document({
  channel: z.enum(ALERT_CHANNELS),
  isSent: z.boolean(),
  problem: z.string().nullable(),
});

export const alertDocuments = {
  alerts: { title: 'alerts', schema: alertsList },
  'alerts-ack': { title: 'alerts ack', schema: alertsAck },
  'alerts-send': { title: 'alerts send', schema: alertsSend },
  'alerts-test': { title: 'alerts test', schema: alertsTest },
  alert: { title: 'An alert as posted to a webhook', schema: alert },
};
