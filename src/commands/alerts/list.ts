import { watchLedger } from '../../alerts/watch.ts';
import { channelStates } from '../../alerts/channel-states.ts';
import { ALERT_LEVELS, isAtLeast } from '../../core/alert/alert.ts';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { renderAlerts } from '../../render/alerts.ts';
import { alertJson, deliveryJson } from '../../reports/alerts.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { alertsAck, alertsList } from '../../schemas/alerts.ts';
import { acknowledgeAlerts } from '../../store/alerts/acknowledge.ts';
import { selectLedgerId, readAlertRows, readDeliveries } from '../../store/alerts/reader.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { requireWritableLedger } from '../budget/shared.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import { print, printLine, stdoutStyle, warn } from '../session/io.ts';
import { ledgerFlags, openOrExplain, openReader } from '../session/ledger.ts';
import { currentLedgerPath, currentSettings } from '../session/settings.ts';
import { filterFlags, parseZone } from '../flags/filters.ts';
import { printDocument } from '../session/document.ts';

const flags = {
  level: { choices: ALERT_LEVELS, describe: 'Only this level and above', requiresArg: true },
  open: { type: 'boolean', default: false, describe: 'Only alerts that are not acknowledged' },
  limit: { type: 'number', default: 50, describe: 'Show at most N', requiresArg: true },
  timezone: filterFlags.timezone,
  json,
  ...ledgerFlags,
} as const;

export const alertListCommand = defineCommand({
  flags,
  examples: [
    ['tallyhook alerts', 'The latest alerts'],
    ['tallyhook alerts --open --level warning', 'Warnings that nobody has acknowledged'],
  ],
  handler: listAlerts,
});

function listAlerts(args: FlagValues<typeof flags>): void {
  const { level, open: isOpen, limit } = args;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new UserError('--limit must be a whole number above 0');
  const nowMs = Date.now();
  const { timezone, offset } = parseZone(args);
  const { db } = openReader(args);
  if (args.refresh && !db.readonly) findNewAlerts(db, nowMs);
  const levels = level === undefined ? null : ALERT_LEVELS.filter((one) => isAtLeast(one, level));
  const rows = readAlertRows(db, { isOpen, levels, limit });
  const ledgerId = selectLedgerId(db);
  const deliveries = readDeliveries(
    db,
    rows.map(({ id }) => id),
  );
  const alerts = rows.map((row) => ({
    ...alertJson(row, ledgerId),
    deliveries: deliveries.filter(({ alertId }) => alertId === row.id).map(deliveryJson),
  }));
  const document = { generatedAt: new Date(nowMs).toISOString(), timezone, alerts };
  const channels = channelStates(db, currentSettings(), process.env);
  if (args.json) printDocument<DocumentOf<typeof alertsList>>({ ...document, channels });
  else print(renderAlerts(alerts, channels, offset, stdoutStyle()));
}

function findNewAlerts(db: Ledger, nowMs: number): void {
  try {
    watchLedger(db, process.env, currentSettings(), nowMs);
  } catch (error) {
    warn(
      `new alerts were not looked for: the ledger could not be written (${toErrorMessage(error)})`,
    );
  }
}

const ackPositionals = {
  numbers: { type: 'string', array: true, describe: 'Numbers from tallyhook alerts' },
} as const;

const ackFlags = {
  all: { type: 'boolean', default: false, describe: 'Acknowledge all alerts' },
  json,
} as const;

export const alertAckCommand = defineCommand({
  positionals: ackPositionals,
  flags: ackFlags,
  examples: [
    ['tallyhook alerts ack 3 4', 'Acknowledge two alerts'],
    ['tallyhook alerts ack --all', 'Acknowledge all alerts'],
  ],
  handler: acknowledge,
});

function acknowledge(args: FlagValues<typeof ackPositionals & typeof ackFlags>): void {
  const numbers = (args.numbers ?? []).map(parseAlertNumber);
  if (args.all === numbers.length > 0) {
    throw new UserError('alerts ack needs alert numbers or --all');
  }
  const db = openOrExplain(currentLedgerPath());
  requireWritableLedger(db);
  const { acknowledged, unknown } = acknowledgeAlerts(db, args.all ? null : numbers, Date.now());
  if (unknown !== null) {
    throw new UserError(`there is no alert ${unknown}`, 'tallyhook alerts lists the numbers.');
  }
  if (args.json) printDocument<DocumentOf<typeof alertsAck>>({ acknowledged });
  else if (acknowledged.length === 0) printLine('No alerts were open.');
  else printLine(`acknowledged: ${acknowledged.join(', ')}`);
}

function parseAlertNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UserError(`${JSON.stringify(text.slice(0, 80))} is not an alert number`);
}
