import { CLAUDE_CODE } from '../../core/client/names.ts';
import { join } from 'node:path';
import { jsonText } from '../../core/lang/printable.ts';
import { USAGE_MARK, ccusageLine } from '../../agents/claude-code/ccusage-line.ts';
import { transcripts } from '../../agents/claude-code/source.ts';
import { parseDay } from '../../core/time/period.ts';
import { renderComparison } from '../../render/compare.ts';
import { parseCcusage } from '../../reports/compare/ccusage-report.ts';
import { type FoundLine, compareWithCcusage } from '../../reports/compare/compare.ts';
import { summarize } from '../../reports/summary.ts';
import { numberedLines } from '../../sources/transcripts/numbered-lines.ts';
import { clientConfigFolders } from '../../sources/machine/paths.ts';
import { pathsBelow } from '../../sources/transcripts/tree.ts';
import { UnpricedRecordReader } from '../../store/records/unpriced-reader.ts';
import { runCcusage } from './run-ccusage.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import { print, stdoutStyle } from '../session/io.ts';
import { ledgerFlags, openReader } from '../session/ledger.ts';
import { currentPrices } from '../session/settings.ts';
import { dateFault, filterFlags, parseFilterFlags, parseZone } from '../flags/filters.ts';
import { lastValue } from '../flags/last-value.ts';
import { progressBar } from '../session/progress.ts';

const flags = {
  with: {
    type: 'string',
    coerce: lastValue<string>,
    choices: ['ccusage'],
    default: 'ccusage',
    describe: 'The tool to compare with',
    requiresArg: true,
  },
  command: {
    type: 'string',
    coerce: lastValue<string>,
    describe: 'The command that runs it, e.g. "npx ccusage" (not installed automatically)',
    requiresArg: true,
  },
  since: filterFlags.since,
  until: filterFlags.until,
  timezone: filterFlags.timezone,
  json,
  refresh: ledgerFlags.refresh,
} as const;

export const compareCommand = defineCommand({
  flags,
  examples: [
    ['tallyhook compare --since 2026-11-01', 'Compare with your own ccusage'],
    [`tallyhook compare --command 'npx -y ccusage'`, 'Let npx download ccusage'],
  ],
  handler: compare,
});

async function compare(args: FlagValues<typeof flags>): Promise<void> {
  const nowMs = Date.now();
  const zone = parseZone(args);
  const days = ['since', 'until'] as const;
  const range = days.flatMap((name) => dayArguments(name, args[name]));
  const run = runCcusage(args.command ?? args.with, [...range, '--timezone', zone.timezone]);
  const theirs = parseCcusage(run.text);
  const { db, reader } = openReader({ refresh: args.refresh });
  const { since, until, timezone } = args;
  const { filter, filters } = await parseFilterFlags(
    { since, until, timezone },
    { db, reader },
    zone.offset,
    nowMs,
  );
  const by: ['day', 'model'] = ['day', 'model'];
  // ccusage is asked about Claude Code only.
  const ofClaudeCode = { ...filter, client: CLAUDE_CODE };
  const summary = { filter: ofClaudeCode, filters, by, ...zone, order: null, limit: null, nowMs };
  const comparison = compareWithCcusage({
    theirs,
    ours: await summarize(reader, summary),
    drafts: new UnpricedRecordReader(db),
    lines: readLines,
    prices: currentPrices(),
    offset: zone.offset,
    tool: { name: 'ccusage', version: run.version, command: run.command },
  });
  print(args.json ? jsonText(comparison, 2) : renderComparison(comparison, stdoutStyle()));
}

/** Days without dashes, which every version of ccusage accepts. */
function dayArguments(name: 'since' | 'until', text: string | undefined): string[] {
  if (text === undefined) return [];
  if (parseDay(text) === null) throw dateFault(name, text, 'Use YYYY-MM-DD, e.g. 2026-11-21.');
  return [`--${name}`, text.replaceAll('-', '')];
}

/** Every line with token counts in the files that ccusage reads: any `.jsonl` below its folders. */
function* readLines(): Generator<FoundLine> {
  const folders = clientConfigFolders(process.env).map((folder) => join(folder, 'projects'));
  const paths = folders.flatMap((folder) => pathsBelow(folder, (path) => path.endsWith('.jsonl')));
  const bar = progressBar(process.stderr, 'Reading transcripts', 'files');
  try {
    for (const [index, path] of paths.entries()) {
      const { sessionId } = transcripts.locate(path);
      const isTranscript = transcripts.includes(path);
      for (const { number, text, isComplete } of numberedLines(path, USAGE_MARK)) {
        const line = ccusageLine(text, sessionId);
        if (line === null) continue;
        yield { ...line, place: `${path}:${number}`, isTranscript, isComplete };
      }
      bar.update(index + 1, paths.length);
    }
  } finally {
    bar.end();
  }
}
