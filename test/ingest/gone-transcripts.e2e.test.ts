import {
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BLOG, HISTORY_TOTALS, SHOP, report, writeHistory } from '../helpers/program/history.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { SILENT, cli, hook } from '../helpers/program/run.ts';
import { recordedIds } from '../helpers/recorded.ts';
import { isThorough } from '../helpers/thorough.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';

/** How a history comes into the ledger. */
const recorded: Record<string, (home: Home) => void> = {
  'by hooks': (home) => {
    for (const [session, project] of [
      [SHOP, '-shop'],
      [BLOG, '-blog'],
    ] as const) {
      expect(hook(home, toolEvent(session, transcriptPath(home, session, project)))).toEqual(
        SILENT,
      );
    }
  },
  'by import': (home) => void cli(home, ['import']),
  // Reports read after each of the others too; alone, one is tried where every case is.
  ...(isThorough && { 'by a report': (home: Home) => void report(home, 'daily') }),
};

/** What can become of a transcript. */
const fates: Record<string, (path: string) => void> = {
  deleted: (path) => rmSync(path),
  emptied: (path) => truncateSync(path, 0),
  'cut in half': (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)),
  'filled with garbage of the same length': (path) =>
    writeFileSync(path, readFileSync(path).fill('x')),
  'filled with NULs': (path) => writeFileSync(path, readFileSync(path).fill(0)),
  'turned over': (path) => {
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n').toReversed();
    writeFileSync(path, `${lines.join('\n')}\n`);
  },
  doubled: (path) => writeFileSync(path, readFileSync(path, 'utf8').repeat(2)),
  'written with smaller counts': (path) => {
    const text = readFileSync(path, 'utf8').replace(
      /"(\w+_tokens|web_search_requests)":\d+/g,
      '"$1":0',
    );
    writeFileSync(path, text);
  },
  'written without uuids': (path) => {
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"uuid":"[^"]*",/g, ''));
  },
  'copied under another name': (path) => writeFileSync(`${path}.copy.jsonl`, readFileSync(path)),
  'moved to another folder': (path) => renameSync(path, path.replace(/\.jsonl$/, '.moved')),
};

function transcriptsOf(home: Home): string[] {
  return (readdirSync(home.projects, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(home.projects, name));
}

describe.each(Object.entries(recorded))('what was recorded %s', (_, record) => {
  test.each(Object.entries(fates))('stays when every transcript is %s', (_fate, spoil) => {
    const home = temporaryHome();
    writeHistory(home);
    record(home);
    const before = report(home, 'summary', '--by', 'day,model,session');
    expect(before.totals).toEqual(HISTORY_TOTALS);
    for (const path of transcriptsOf(home)) spoil(path);
    record(home);
    const after = report(home, 'summary', '--by', 'day,model,session');
    expect({ ...after, generatedAt: '' }).toEqual({ ...before, generatedAt: '' });
    expect(cli(home, ['verify'])).toMatchObject({ status: 0, stderr: '' });
  });
});

test('a session that goes on after its transcript was rewritten is recorded on', () => {
  const home = temporaryHome();
  writeHistory(home);
  cli(home, ['import']);
  const path = transcriptPath(home, BLOG, '-blog');
  writeFileSync(path, '');
  append(path, request({ session: BLOG, id: 'msg_b3', at: '2026-10-26T01:00:00.000Z' }));
  hook(home, toolEvent(BLOG, path));
  append(path, request({ session: BLOG, id: 'msg_b4', at: '2026-10-26T02:00:00.000Z' }));
  expect(report(home, 'summary').totals.requests).toBe(8);
  expect(recordedIds(home).slice(-2)).toEqual(['msg_b3', 'msg_b4']);
});
