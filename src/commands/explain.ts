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
import { type FlagValues, defineCommand } from './define.ts';
import { stdoutStyle, write } from './session/io.ts';
import { ledgerFlags } from './session/ledger.ts';
import { filterFlags, findSession } from './flags/filters.ts';
import { chooseFormat, outputFlags } from './flags/format.ts';
import { type ReportQuery, parseReportQuery, orderFlags } from './flags/report.ts';

const SHOWN_CALLS = 10;

const positionals = {
  what: {
    type: 'string',
    default: 'last',
    describe: 'A session (its id, the start of it, "last") or a request (its id or message id)',
  },
} as const;

const flags = {
  limit: {
    ...orderFlags.limit,
    default: SHOWN_CALLS,
    describe: 'Show so many tool calls of a session',
  },
  timezone: filterFlags.timezone,
  ...outputFlags,
  ...ledgerFlags,
} as const;

export const explainCommand = defineCommand({ positionals, flags, handler: explain });

async function explain(args: FlagValues<typeof positionals & typeof flags>): Promise<void> {
  const format = chooseFormat(args);
  const asked = await parseReportQuery(args, []);
  const report = await buildExplanation(args.what, asked);
  const view = { style: stdoutStyle(), offset: asked.request.offset };
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
}

/** @throws UserError for the start of several requests; what nobody knows is an empty session */
async function buildExplanation(
  text: string,
  { db, reader, request }: ReportQuery,
): Promise<SessionExplanation | RequestExplanation> {
  const attribution = new AttributionReader(db);
  const isSession = text === 'last' || (await reader.sessionsLike(text)).length > 0;
  const found = isSession ? [] : await attribution.requestsLike(text);
  // What was billed beside a message has its id and more.
  const [first] = found;
  if (first !== undefined) {
    if (found.some(({ id }) => !id.startsWith(first.id))) {
      throw new UserError(
        `explain: ${text} is the start of several requests`,
        `Write more of it, as in ${found
          .map(({ id }) => id)
          .slice(0, 2)
          .join(' or ')}.`,
      );
    }
    const explained = await explainRequest(reader, attribution, request, first);
    if (explained !== null) return explained;
  }
  const sessionId = await findSession(text, reader);
  request.filters['session'] = sessionId;
  return explainSession(reader, attribution, request, sessionId);
}
