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
  level: { choices: ALERT_LEVELS, describe: 'Of this level and above', requiresArg: true },
  open: { type: 'boolean', default: false, describe: 'Those not acknowledged' },
  limit: { type: 'number', default: 50, describe: 'At most so many', requiresArg: true },
  timezone: filterFlags.timezone,
  json,
  ...ledgerFlags,
} as const;

export const alertListCommand = defineCommand({ flags, handler: listAlerts });

function listAlerts(args: FlagValues<typeof flags>): void {
  const { level, open: isOpen, limit } = args;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new UserError('--limit: is no number from 1');
  const nowMs = Date.now();
  const { timezone, offset } = parseZone(args);
  const { db } = openReader(args);
  if (args.refresh && !db.readonly) lookForAlerts(db, nowMs);
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

function lookForAlerts(db: Ledger, nowMs: number): void {
  try {
    watchLedger(db, process.env, currentSettings(), nowMs);
  } catch (error) {
    warn(`nothing new was looked for, the ledger could not be written: ${toErrorMessage(error)}`);
  }
}

const ackPositionals = {
  numbers: { type: 'string', array: true, describe: 'The numbers that alerts shows' },
} as const;

const ackFlags = {
  all: { type: 'boolean', default: false, describe: 'All that there are' },
  json,
} as const;

export const alertAckCommand = defineCommand({
  positionals: ackPositionals,
  flags: ackFlags,
  handler: acknowledge,
});

function acknowledge(args: FlagValues<typeof ackPositionals & typeof ackFlags>): void {
  const numbers = (args.numbers ?? []).map(parseAlertNumber);
  if (args.all === numbers.length > 0) {
    throw new UserError('alerts ack needs the numbers of alerts, or --all');
  }
  const db = openOrExplain(currentLedgerPath());
  requireWritableLedger(db);
  const { acknowledged, unknown } = acknowledgeAlerts(db, args.all ? null : numbers, Date.now());
  if (unknown !== null) {
    throw new UserError(`there is no alert ${unknown}`, 'tallyhook alerts shows their numbers.');
  }
  if (args.json) printDocument<DocumentOf<typeof alertsAck>>({ acknowledged });
  else if (acknowledged.length === 0) printLine('none was open');
  else printLine(`acknowledged: ${acknowledged.join(', ')}`);
}

function parseAlertNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UserError(`${JSON.stringify(text.slice(0, 80))} is no alert's number`);
}
