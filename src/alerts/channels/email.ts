import { toErrorMessage } from '../../core/lang/message-of.ts';
import { printable } from '../../core/lang/printable.ts';
import type { AlertJson } from '../../reports/alerts.ts';
import { formatAlertText, formatAlertTitle } from '../message.ts';
import { DeliveryError } from './http.ts';
import { bareHost, needsTls } from './mail-tls.ts';
import type { FindTarget } from './target.ts';

interface MailServer {
  host: string;
  port: number;
  username: string | null;
  password: string | null;
  from: string;
  to: string[];
}

export const findMailServer: FindTarget = (alerts) => {
  const { smtpHost, emailFrom, emailTo } = alerts;
  const missing = [
    ...(smtpHost === null ? ['SMTP_HOST (alerts.smtpHost)'] : []),
    ...(emailFrom === null ? ['ALERT_FROM_EMAIL (alerts.emailFrom)'] : []),
    ...(emailTo.length === 0 ? ['ALERT_TO_EMAILS (alerts.emailTo)'] : []),
  ];
  if (smtpHost === null || emailFrom === null || missing.length > 0) {
    return { problem: `email needs ${missing.join(', ')}` };
  }
  const server: MailServer = {
    host: smtpHost,
    port: alerts.smtpPort,
    username: alerts.smtpUsername,
    password: alerts.smtpPassword,
    from: emailFrom,
    to: emailTo,
  };
  return { send: (alert, _, timeoutMs) => sendEmail(server, alert, timeoutMs) };
};

/**
 * Sends one mail to all addresses. Its Message-ID is made from the alert's id, so that mail programs which
 * compare ids show a mail that arrives twice only once.
 * @returns a note if some of the addresses were refused, else null
 * @throws DeliveryError
 */
async function sendEmail(
  { host, port, username, password, from, to }: MailServer,
  alert: AlertJson,
  timeoutMs: number,
): Promise<string | null> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: bareHost(host),
    port,
    secure: port === 465,
    // Neither the password nor the amounts may be sent unencrypted over a network.
    requireTLS: port !== 465 && needsTls(host),
    ...(username === null ? {} : { auth: { user: username, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  const mail = transport.sendMail({
    from,
    to,
    subject: `${formatAlertTitle(alert)}, ${shortReason(alert)}`,
    text: `${formatAlertText(alert)}\n\n${alert.at}\ntallyhook alerts ack ${alert.number}\n`,
    messageId: `<${alert.id}@tallyhook.invalid>`,
    headers: { 'X-Tallyhook-Alert': alert.id, 'Auto-Submitted': 'auto-generated' },
  });
  try {
    const { rejected } = await within(mail, timeoutMs);
    return rejected.length === 0
      ? null
      : `refused for ${rejected.length} of ${to.length} addresses`;
  } catch (error) {
    throw new DeliveryError(explainMailError(error, `${host}:${port}`));
  } finally {
    transport.close();
  }
}

function explainMailError(error: unknown, server: string): string {
  const { code } = error as NodeJS.ErrnoException;
  const message = toErrorMessage(error);
  return code === 'ETLS'
    ? `no TLS connection to ${server}, so the mail was not sent: ${message}`
    : message;
}

/** A limit on the total time: a server that sends a byte now and then never reaches the socket timeouts. */
async function within<Value>(work: Promise<Value>, timeoutMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new DeliveryError(`not accepted within ${timeoutMs / 1000} s`);
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  // If the limit comes first, a later rejection must not be unhandled.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function shortReason({ reason }: AlertJson): string {
  const text = printable(reason);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
