import { setTimeout as sleep } from 'node:timers/promises';
import { channelStates } from '../../alerts/channel-states.ts';
import { redact, channelTarget } from '../../alerts/channels/index.ts';
import { TIMEOUT_MS } from '../../alerts/deliver.ts';
import { runDetachedSender, runSender, sendNow } from '../../alerts/sender.ts';
import { ALERT_CHANNELS } from '../../core/alert/alert.ts';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { CheckFailed, UserError } from '../../core/lang/user-error.ts';
import { renderSent } from '../../render/alerts.ts';
import { type AlertJson, type ChannelJson, alertJson } from '../../reports/alerts.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { alertsSend, alertsTest } from '../../schemas/alerts.ts';
import { selectLedgerId } from '../../store/alerts/reader.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { Outbox } from '../../store/alerts/outbox.ts';
import { requireWritableLedger } from '../budget/shared.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import { print, printLine } from '../session/io.ts';
import { ledgerFlags, openOrExplain, openReader } from '../session/ledger.ts';
import { currentLedgerPath, currentSettings } from '../session/settings.ts';
import { printDocument } from '../session/document.ts';

const sendFlags = {
  detached: { type: 'boolean', default: false, hidden: true },
  // Started by the server, to run until its input ends.
  stay: { type: 'boolean', default: false, hidden: true },
  json,
  ...ledgerFlags,
} as const;

export const alertSendCommand = defineCommand({
  flags: sendFlags,
  examples: [['tallyhook alerts send', 'Send everything pending, e.g. from cron']],
  handler: sendAlerts,
});

/** @throws CheckFailed if a channel fails */
async function sendAlerts(flags: FlagValues<typeof sendFlags>): Promise<void> {
  const ledgerPath = currentLedgerPath();
  const options = { env: process.env, ledgerPath };
  // Started by the hook, which has read the transcripts already.
  if (flags.detached) return runDetachedSender(options);
  if (flags.stay) return runSender(untilInputEnds(), options);
  const { db } = openReader(flags);
  requireWritableLedger(db);
  const settings = currentSettings();
  const before = channelStates(db, settings, process.env);
  const isOurs = await sendNow(options);
  if (!isOurs) await otherSender(db);
  const channels = channelStates(db, settings, process.env).map((channel) => ({
    ...channel,
    sentNow: channel.sent - (before.find((one) => one.channel === channel.channel)?.sent ?? 0),
  }));
  if (flags.json) printDocument<DocumentOf<typeof alertsSend>>({ channels });
  else print(renderSent(channels));
  if (channels.some(isFailing)) throw new CheckFailed('a channel fails');
}

function untilInputEnds(): AbortSignal {
  const stop = new AbortController();
  process.stdin.on('close', () => stop.abort()).resume();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  return stop.signal;
}

function isFailing({ problem, pending, isOn }: ChannelJson): boolean {
  return problem !== null && (pending > 0 || isOn);
}

/** Waits for another sender, which was asked to try everything pending. */
async function otherSender(db: Ledger): Promise<void> {
  const outbox = new Outbox(db);
  const until = process.uptime() * 1000 + 2 * TIMEOUT_MS;
  while (process.uptime() * 1000 < until) {
    const nextAtMs = outbox.nextAtMs(Date.now());
    if (nextAtMs === null || nextAtMs > Date.now()) return;
    await sleep(100);
  }
}

const testPositionals = {
  channel: { choices: ALERT_CHANNELS, demandOption: true, describe: 'The channel' },
} as const;

const testFlags = { json } as const;

export const alertTestCommand = defineCommand({
  positionals: testPositionals,
  flags: testFlags,
  examples: [['tallyhook alerts test slack', 'Check that the channel works']],
  handler: testChannel,
});

/** @throws UserError for a channel that is not set up @throws CheckFailed if the delivery failed */
async function testChannel({
  channel,
  json: isJson,
}: FlagValues<typeof testPositionals & typeof testFlags>): Promise<void> {
  const settings = currentSettings();
  const target = channelTarget(channel, settings, process.env);
  if ('problem' in target) throw new UserError(target.problem);
  const nowMs = Date.now();
  const alert = testAlert(openOrExplain(currentLedgerPath()), nowMs);
  let problem: string | null;
  try {
    problem = await target.send(alert, nowMs, TIMEOUT_MS);
  } catch (error) {
    problem = redact(toErrorMessage(error), settings);
    if (isJson) printDocument<DocumentOf<typeof alertsTest>>({ channel, isSent: false, problem });
    else printLine(`${channel}: ${problem}`);
    throw new CheckFailed('it did not arrive');
  }
  if (isJson) printDocument<DocumentOf<typeof alertsTest>>({ channel, isSent: true, problem });
  else printLine(`${channel}: sent${problem === null ? '' : `, but ${redact(problem, settings)}`}`);
}

function testAlert(db: Ledger, nowMs: number): AlertJson {
  const stored = {
    id: 0,
    kind: 'budget',
    subject: 'test',
    windowKey: new Date(nowMs).toISOString(),
    level: 'info',
    step: 'info',
    amountNanoUsd: 0,
    limitNanoUsd: null,
    reason: 'This is a test alert from tallyhook. Alerts arrive here.',
    sessionId: null,
    project: null,
    occurredAtMs: nowMs,
    acknowledgedAtMs: null,
  } as const;
  const json = alertJson(stored, selectLedgerId(db));
  return { ...json, id: `${json.id}-test-${nowMs}` };
}
