import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { watch } from 'chokidar';
import { jsonText } from '../core/lang/printable.ts';
import { matchesFacts, readFacts } from '../query/filters.ts';
import type { RecordJson } from '../core/record/record-json.ts';
import { type ZoneOffset, parseDuration, parseMoment, toLocalDay } from '../core/time/period.ts';
import { parseRelativeMoment } from '../core/time/relative.ts';
import { UserError } from '../core/lang/user-error.ts';
import { renderTailDay, renderTailLine, renderTailTotal } from '../render/tail.ts';
import { LedgerFollower } from '../store/records/follow.ts';
import { RunningTotal } from '../store/records/running-total.ts';
import { type FlagValues, defineCommand } from './define.ts';
import { json } from './flags/json.ts';
import { print, stdoutStyle, warn } from './session/io.ts';
import { ledgerFlags, openReader, findTranscripts } from './session/ledger.ts';
import { currentLedgerPath } from './session/settings.ts';
import { filterFlags, findProject, parseFilterFlags, parseZone } from './flags/filters.ts';

/** A file watch reacts at once; polling finds what it misses (network file systems, a new folder). */
const POLL_MS = 500;

const { until: _, ...filters } = filterFlags;

const flags = {
  json: { ...json, describe: 'Print one JSON object per line' },
  ...filters,
  since: {
    ...filters.since,
    describe: 'Also show earlier requests: since 10m, 2h, a day or a time',
  },
  last: { ...filters.last, describe: 'Like --since, for a duration (24h, 7d)' },
  ...ledgerFlags,
} as const;

type TailFlags = FlagValues<typeof flags>;

export const tailCommand = defineCommand({
  flags,
  examples: [
    ['tallyhook tail', 'Follow all sessions'],
    ['tallyhook tail --project . --since 1h', 'This project, starting an hour ago'],
  ],
  handler: follow,
});

async function follow(args: TailFlags): Promise<void> {
  const { offset } = parseZone(args);
  const sinceMs = parseStart(args, offset);
  const style = stdoutStyle();
  const path = currentLedgerPath();
  findTranscripts(args);
  const passes = await filterFor(args, path, offset);
  const follower = new LedgerFollower(path, { sinceMs, laterLedgersFromMs: null });
  const shown = new RunningTotal(path);
  // Lines show a time of today, until one shows another day.
  let shownDay = toLocalDay(Date.now(), offset);
  const showNew = (): void => {
    const fresh = follower.poll().filter(passes);
    if (fresh.length > 0) shown.refresh('recent');
    for (const record of fresh) {
      shown.add(record);
      if (args.json) {
        print(jsonText(record));
        continue;
      }
      const atMs = record.occurredAtMs;
      const day = toLocalDay(atMs, offset);
      if (day !== shownDay) print(renderTailDay(day, style));
      shownDay = day;
      print(renderTailLine(record, shown.totalNanoUsd, offset(atMs), style));
    }
  };
  showNew();
  const timer = setInterval(showNew, POLL_MS);
  const watcher = watch(dirname(path), { depth: 0, ignoreInitial: true });
  watcher.on('all', showNew).on('error', () => undefined);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  clearInterval(timer);
  await watcher.close();
  showNew();
  shown.refresh('all');
  const total = renderTailTotal(shown.requests, shown.totalNanoUsd);
  if (args.json) warn(total);
  else print(style.bold(total));
}

function parseStart({ since, last }: TailFlags, offset: ZoneOffset): number | null {
  const flag = since === undefined ? 'last' : 'since';
  const text = since ?? last;
  if (text === undefined) return null;
  const nowMs = Date.now();
  const duration = parseDuration(text);
  const ms =
    flag === 'since'
      ? (parseMoment(text, 'start', offset) ?? parseRelativeMoment(text, 'start', offset, nowMs))
      : duration === null
        ? null
        : nowMs - duration;
  if (ms === null) {
    const [kind, hint] =
      flag === 'since'
        ? ['time', 'Use e.g. 10m, 2h, today, monday or 2026-11-21.']
        : ['duration', 'Use e.g. 10m, 24h or 7d.'];
    throw new UserError(`--${flag}: '${text}' is not a ${kind}`, hint);
  }
  return ms;
}

/** Which records are shown. Transcripts are read first, so that older requests do not appear as new. */
async function filterFor(
  args: TailFlags,
  path: string,
  offset: ZoneOffset,
): Promise<(record: RecordJson) => boolean> {
  let { session } = args;
  const facts = readFacts((name) => args[name]);
  if (args.refresh || existsSync(path)) {
    const { db, reader } = openReader(args);
    try {
      const { since: _since, last: _last, ...asked } = args;
      const { filter } = await parseFilterFlags(asked, { db, reader }, offset, Date.now());
      session = filter.sessionId ?? undefined;
      facts.project = filter.project;
    } finally {
      db.close();
    }
  } else if (args.project !== undefined) facts.project = (await findProject(args.project)).root;
  return (record) =>
    (session === undefined || record.sessionId.startsWith(session)) && matchesFacts(facts, record);
}
