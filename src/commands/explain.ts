import { UserError } from '../core/lang/user-error.ts';
import {
  explanationCsv,
  explanationMarkdown,
  renderRequestExplanation,
  renderSessionExplanation,
} from '../render/explain.ts';
import { renderJson } from '../render/text/report-formats.ts';
import { type RequestExplanation, explainRequest } from '../reports/explain/request.ts';
import { type SessionExplanation, explainSession } from '../reports/explain/session.ts';
import { AttributionReader } from '../store/attribution/reader.ts';
import { KnownValues } from '../store/records/known-values.ts';
import { type FlagValues, defineCommand } from './define.ts';
import { stdoutStyle, write } from './session/io.ts';
import { ledgerFlags } from './session/ledger.ts';
import { filterFlags, findSession } from './flags/filters.ts';
import { chooseFormat, outputFlags, warnOfNote } from './flags/format.ts';
import { requireSession } from './flags/known-values.ts';
import { type ReportQuery, parseReportQuery, orderFlags } from './flags/report.ts';

const SHOWN_CALLS = 10;

const positionals = {
  what: {
    type: 'string',
    default: 'last',
    describe: 'A session (its id, the start of its id, "last") or a request (its id or message id)',
  },
} as const;

const flags = {
  limit: {
    ...orderFlags.limit,
    default: SHOWN_CALLS,
    describe: 'Show at most N tool calls of a session',
  },
  timezone: filterFlags.timezone,
  ...outputFlags,
  ...ledgerFlags,
} as const;

export const explainCommand = defineCommand({
  positionals,
  flags,
  examples: [
    ['tallyhook explain', 'Where the cost of the last session went'],
    ['tallyhook explain msg_01AbC', 'Where the cost of one request went'],
  ],
  handler: explain,
});

async function explain(args: FlagValues<typeof positionals & typeof flags>): Promise<void> {
  const format = chooseFormat(args);
  const query = await parseReportQuery(args, []);
  const report = await buildExplanation(args.what, query);
  const view = { style: stdoutStyle(), offset: query.request.offset };
  write(
    {
      table: () =>
        'sessionId' in report
          ? renderSessionExplanation(report, view)
          : renderRequestExplanation(report, view),
      json: () => renderJson(report),
      csv: () => explanationCsv(report),
      md: () => explanationMarkdown(report, view),
    }[format](),
  );
  if ('sessionId' in report) warnOfNote(report, format);
}

/** @throws UserError for an unknown id, or the start of several */
async function buildExplanation(
  text: string,
  { db, reader, request }: ReportQuery,
): Promise<SessionExplanation | RequestExplanation> {
  const attribution = new AttributionReader(db);
  const isSession = text === 'last' || (await reader.sessionsLike(text)).length > 0;
  const matches = isSession ? [] : await attribution.requestsLike(text);
  // Requests billed in addition to a message have the message's id with a suffix.
  const [first] = matches;
  if (first !== undefined) {
    if (matches.some(({ id }) => !id.startsWith(first.id))) {
      throw new UserError(
        `explain: several requests start with '${text}'`,
        `Use more of the id, e.g. ${matches
          .map(({ id }) => id)
          .slice(0, 2)
          .join(' or ')}.`,
      );
    }
    const explained = await explainRequest(reader, attribution, request, first);
    if (explained !== null) return explained;
  }
  const sessionId = await findSession(text, reader);
  requireSession(sessionId, new KnownValues(db));
  request.filters['session'] = sessionId;
  return explainSession(reader, attribution, request, sessionId);
}
