import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { watch } from 'chokidar';
import { jsonText } from '../core/lang/printable.ts';
import { matchesFacts, readFacts } from '../query/filters.ts';
import type { RecordJson } from '../core/record/record-json.ts';
import { type ZoneOffset, parseDuration, parseMoment } from '../core/time/period.ts';
import { UserError } from '../core/lang/user-error.ts';
import { renderTailLine, renderTailTotal } from '../render/tail.ts';
import { LedgerFollower } from '../store/records/follow.ts';
import { ProjectReader } from '../store/sessions/projects.ts';
import { RunningTotal } from '../store/records/running-total.ts';
import { type FlagValues, defineCommand } from './define.ts';
import { json } from './flags/json.ts';
import { print, stdoutStyle, warn } from './session/io.ts';
import { ledgerFlags, openReader, transcriptFolders } from './session/ledger.ts';
import { currentLedgerPath } from './session/settings.ts';
import { filterFlags, findProject, findSession, parseZone } from './flags/filters.ts';

/** Watching tells at once; this finds what a watch has missed (network file systems, a new folder). */
const POLL_MS = 500;

const { until: _, ...filters } = filterFlags;

const flags = {
  json: { ...json, describe: 'One JSON object a line' },
  ...filters,
  since: { ...filters.since, describe: 'Start in the past: 10m, 2h, a day, a moment' },
  last: { ...filters.last, describe: 'As --since, for a duration' },
  ...ledgerFlags,
} as const;

type TailFlags = FlagValues<typeof flags>;

export const tailCommand = defineCommand({ flags, handler: follow });

async function follow(args: TailFlags): Promise<void> {
  const { offset } = parseZone(args);
  const sinceMs = parseStart(args, offset);
  const style = stdoutStyle();
  const path = currentLedgerPath();
  transcriptFolders(args);
  const passes = await filterFor(args, path);
  const follower = new LedgerFollower(path, { sinceMs, laterLedgersFromMs: null });
  const shown = new RunningTotal(path);
  const look = (): void => {
    const fresh = follower.poll().filter(passes);
    if (fresh.length > 0) shown.refresh('recent');
    for (const record of fresh) {
      shown.add(record);
      const line = args.json
        ? jsonText(record)
        : renderTailLine(record, shown.totalNanoUsd, offset(record.occurredAtMs), style);
      print(line);
    }
  };
  look();
  const timer = setInterval(look, POLL_MS);
  const watcher = watch(dirname(path), { depth: 0, ignoreInitial: true });
  watcher.on('all', look).on('error', () => undefined);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  clearInterval(timer);
  await watcher.close();
  look();
  shown.refresh('all');
  const total = renderTailTotal(shown.requests, shown.totalNanoUsd);
  if (args.json) warn(total);
  else print(style.bold(total));
}

function parseStart({ since, last }: TailFlags, offset: ZoneOffset): number | null {
  const flag = since === undefined ? 'last' : 'since';
  const text = since ?? last;
  if (text === undefined) return null;
  const duration = parseDuration(text);
  const ms =
    duration === null
      ? flag === 'since'
        ? parseMoment(text, 'start', offset)
        : null
      : Date.now() - duration;
  if (ms === null) {
    const hint = flag === 'since' ? 'Write 10m, 2h or 2026-11-21.' : 'Try 10m, 24h or 7d.';
    throw new UserError(`--${flag}: ${text} is no ${flag === 'since' ? 'time' : 'duration'}`, hint);
  }
  return ms;
}

/** Which records are shown. What was done before tail came is not news: it is read before the first look. */
async function filterFor(args: TailFlags, path: string): Promise<(record: RecordJson) => boolean> {
  let session = args.session;
  let project: string | null = null;
  if (args.refresh || existsSync(path)) {
    const { db, reader } = openReader(args);
    try {
      if (session === 'last') session = await findSession(session, reader);
      if (args.project !== undefined) {
        project = (await findProject(args.project, new ProjectReader(db))).root;
      }
    } finally {
      db.close();
    }
  } else if (args.project !== undefined) project = (await findProject(args.project)).root;
  const facts = { ...readFacts((name) => args[name]), project };
  return (record) =>
    (session === undefined || record.sessionId.startsWith(session)) && matchesFacts(facts, record);
}
