import { dirname } from 'node:path';
import { watch } from 'chokidar';
import type { CommandModule } from 'yargs';
import { lastText } from './last-of.ts';
import { canonicalModel } from '../core/model-name.ts';
import type { RecordJson } from '../core/record-json.ts';
import { parseDuration, parseMoment } from '../core/period.ts';
import { UserError } from '../core/user-error.ts';
import { renderTailLine, renderTailTotal } from '../render/tail.ts';
import { LedgerFollower } from '../store/follow.ts';
import {
  type LedgerFlags,
  currentLedgerPath,
  ledgerFlags,
  openReader,
  print,
  stdoutStyle,
  warn,
} from './context.ts';
import { zoneOf } from './filters.ts';

interface TailFlags extends LedgerFlags {
  json: boolean;
  since?: string | undefined;
  session?: string | undefined;
  model?: string | undefined;
  tool?: string | undefined;
  timezone?: string | undefined;
}

/** Watching tells at once; this finds what a watch has missed (network file systems, a new folder). */
const POLL_MS = 500;

export const tailCommand: CommandModule<object, TailFlags> = {
  builder: (yargs) =>
    yargs.options({
      json: { type: 'boolean', alias: 'j', default: false, describe: 'One JSON object a line' },
      since: {
        type: 'string',
        coerce: lastText,
        alias: 's',
        describe: 'Start in the past: 10m, 2h, a day',
        requiresArg: true,
      },
      session: {
        type: 'string',
        coerce: lastText,
        describe: 'One session, by its id or the start of it',
        requiresArg: true,
      },
      model: { type: 'string', coerce: lastText, describe: 'One model', requiresArg: true },
      tool: {
        type: 'string',
        coerce: lastText,
        describe: 'Requests whose first tool call was this',
        requiresArg: true,
      },
      timezone: {
        type: 'string',
        coerce: lastText,
        alias: 'z',
        describe: 'Time zone (IANA name; default: local)',
        requiresArg: true,
      },
      ...ledgerFlags,
    }),
  handler: (args) => follow(args),
};

async function follow(args: TailFlags): Promise<void> {
  const { offset } = zoneOf(args);
  const sinceMs = startOf(args.since, offset);
  const style = stdoutStyle();
  const path = currentLedgerPath();
  // What was done before tail came is not news: it is read before the first look.
  if (args.refresh) openReader(args).db.close();
  const follower = new LedgerFollower(path, sinceMs);
  let requests = 0;
  let total = 0n;
  const look = (): void => {
    for (const record of follower.poll()) {
      if (!passes(record, args)) continue;
      requests++;
      total += BigInt(record.costNanoUsd ?? 0);
      const line = args.json
        ? JSON.stringify(record)
        : renderTailLine(record, total, offset(record.occurredAtMs), style);
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
  if (args.json) warn(renderTailTotal(requests, total, style));
  else print(renderTailTotal(requests, total, style));
}

function startOf(text: string | undefined, offset: (atMs: number) => number): number | null {
  if (text === undefined) return null;
  const duration = parseDuration(text);
  const ms = duration === null ? parseMoment(text, 'start', offset) : Date.now() - duration;
  if (ms === null)
    throw new UserError(`--since: ${text} is no time`, 'Write 10m, 2h or 2026-11-21.');
  return ms;
}

function passes(record: RecordJson, args: TailFlags): boolean {
  return (
    (args.session === undefined || record.sessionId.startsWith(args.session)) &&
    (args.model === undefined || record.model === canonicalModel(args.model)) &&
    (args.tool === undefined || record.toolName === args.tool)
  );
}
