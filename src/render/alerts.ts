import type { ZoneOffset } from '../core/time/period.ts';
import { printable } from '../core/lang/printable.ts';
import type { AlertJson, ChannelJson, DeliveryJson } from '../reports/alerts.ts';
import { localTime } from './text/cells.ts';
import { formatCount } from './text/number-format.ts';
import type { Style } from './text/style.ts';
import { wrapText } from './text/wrap.ts';

const INDENT = 5;

/** Alerts with the reason below each, then the channels with pending or failed deliveries. */
export function renderAlerts(
  alerts: readonly (AlertJson & { deliveries: DeliveryJson[] })[],
  channels: readonly ChannelJson[],
  offset: ZoneOffset,
  style: Style,
): string {
  const notes = channelNotes(channels, offset).flatMap((note) => wrapText(note, style.columns));
  const below = notes.length === 0 ? '' : `\n\n${notes.map(style.yellow).join('\n')}`;
  if (alerts.length === 0) return `No alerts.${below}`;
  return `${alerts.map((alert) => alertText(alert, offset, style)).join('\n')}${below}`;
}

function alertText(
  alert: AlertJson & { deliveries: DeliveryJson[] },
  offset: ZoneOffset,
  style: Style,
): string {
  const { number, level, reason, project, sessionId } = alert;
  const when = localTime(Date.parse(alert.at), offset).slice(0, 16);
  const state = alert.acknowledgedAt === null ? level : `${level}, seen`;
  const sent = alert.deliveries.map(deliveryText).join(', ');
  const place = [
    ...(project === null ? [] : [`project ${project}`]),
    ...(sessionId === null ? [] : [`session ${sessionId.slice(0, 8)}`]),
  ].join(', ');
  const paint = level === 'info' ? (text: string): string => text : style.yellow;
  const head = `${style.bold(String(number).padStart(INDENT - 2))}  ${when}  ${paint(state)}`;
  const room = style.columns === null ? null : style.columns - INDENT;
  return [
    sent === '' ? head : `${head}  ${style.dim(`(${sent})`)}`,
    ...wrapText(printable(reason), room).map((line) => ' '.repeat(INDENT) + line),
    ...(place === '' ? [] : [' '.repeat(INDENT) + style.dim(printable(place))]),
  ].join('\n');
}

function deliveryText({ channel, state }: DeliveryJson): string {
  const labels = { sent: '', pending: ' waiting', failed: ' failed', cancelled: ' cancelled' };
  return `${channel}${labels[state]}`;
}

function channelNotes(channels: readonly ChannelJson[], offset: ZoneOffset): string[] {
  return channels.flatMap((state) => {
    const pending = state.pending === 0 ? null : `${formatCount(state.pending)} waiting`;
    const failed = state.failed === 0 ? null : `${formatCount(state.failed)} failed`;
    const next = state.nextTryAt === null ? null : Date.parse(state.nextTryAt);
    const again =
      next === null || state.pending === 0
        ? null
        : `tried again at ${localTime(next, offset).slice(0, 16)}`;
    const counts = [pending, again, failed].filter((part) => part !== null).join(', ');
    if (state.problem !== null) {
      return [
        printable(`! ${state.channel}: ${state.problem}${counts === '' ? '' : ` (${counts})`}`),
      ];
    }
    return pending === null ? [] : [`${state.channel}: ${counts}`];
  });
}

/** A line for each channel: `slack: 2 sent`, `email: ECONNREFUSED; 3 waiting`. */
export function renderSent(channels: readonly (ChannelJson & { sentNow: number })[]): string {
  if (channels.length === 0) {
    return 'No channel is set up. tallyhook config show lists the settings (alerts.*).';
  }
  return channels
    .map(({ channel, sentNow, pending, problem }) => {
      const parts = [
        ...(problem === null ? [] : [problem]),
        ...(sentNow > 0 ? [`${sentNow} sent`] : []),
        ...(pending > 0 ? [`${pending} waiting`] : []),
      ];
      return printable(`${channel}: ${parts.length === 0 ? 'nothing to send' : parts.join('; ')}`);
    })
    .join('\n');
}
