import { watchLedger } from '../../alerts/watch.ts';
import { channelStates } from '../../alerts/channel-states.ts';
import { ALERT_LEVELS, type AlertLevel, isAtLeast } from '../../core/alert/alert.ts';
import { messageOf } from '../../core/lang/message-of.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { renderAlerts } from '../../render/alerts.ts';
import { alertJson, deliveryJson } from '../../reports/alerts.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { alertsAck, alertsList } from '../../schemas/alerts.ts';
import { acknowledgeAlerts } from '../../store/alerts/acknowledge.ts';
import { ledgerIdOf, readAlertRows, readDeliveries } from '../../store/alerts/reader.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { requireWritableLedger } from '../budget/shared.ts';
import {
  type LedgerFlags,
  currentLedgerPath,
  currentSettings,
  openOrExplain,
  openReader,
  print,
  printLine,
  stdoutStyle,
  warn,
} from '../session/ledger.ts';
import { printDocument } from '../session/document.ts';
import { zoneOf } from '../flags/filters.ts';

export interface AlertsFlags extends LedgerFlags {
  level?: AlertLevel | undefined;
  open: boolean;
  limit: number;
  timezone?: string | undefined;
  json: boolean;
}

export function listAlerts(flags: AlertsFlags): void {
  const { level, open: isOpen, limit } = flags;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new UserError('--limit: is no number from 1');
  const nowMs = Date.now();
  const { timezone, offset } = zoneOf(flags);
  const { db } = openReader(flags);
  if (flags.refresh && !db.readonly) lookForAlerts(db, nowMs);
  const levels = level === undefined ? null : ALERT_LEVELS.filter((one) => isAtLeast(one, level));
  const rows = readAlertRows(db, { isOpen, levels, limit });
  const ledgerId = ledgerIdOf(db);
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
  if (flags.json) printDocument<DocumentOf<typeof alertsList>>({ ...document, channels });
  else print(renderAlerts(alerts, channels, offset, stdoutStyle()));
}

function lookForAlerts(db: Ledger, nowMs: number): void {
  try {
    watchLedger(db, process.env, currentSettings(), nowMs);
  } catch (error) {
    warn(`nothing new was looked for, the ledger could not be written: ${messageOf(error)}`);
  }
}

export function acknowledge(flags: { numbers?: string[]; all: boolean; json: boolean }): void {
  const numbers = (flags.numbers ?? []).map(numberOf);
  if (flags.all === numbers.length > 0) {
    throw new UserError('alerts ack needs the numbers of alerts, or --all');
  }
  const db = openOrExplain(currentLedgerPath());
  requireWritableLedger(db);
  const { acknowledged, unknown } = acknowledgeAlerts(db, flags.all ? null : numbers, Date.now());
  if (unknown !== null) {
    throw new UserError(`there is no alert ${unknown}`, 'tallyhook alerts shows their numbers.');
  }
  if (flags.json) printDocument<DocumentOf<typeof alertsAck>>({ acknowledged });
  else if (acknowledged.length === 0) printLine('none was open');
  else printLine(`acknowledged: ${acknowledged.join(', ')}`);
}

function numberOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UserError(`${JSON.stringify(text.slice(0, 80))} is no alert's number`);
}
