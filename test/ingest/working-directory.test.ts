import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importInto, temporaryFolder, temporaryLedger } from '../helpers/ledger.ts';
import { type Line, assistantLine, promptLine, textOf, writeTree } from '../helpers/transcripts.ts';

function requestIn(cwd: string | null, at: number): Line {
  const { cwd: _, ...line } = assistantLine({
    session: 's',
    message: `m${at}`,
    request: `r${at}`,
    at,
  });
  return cwd === null ? line : { ...line, cwd };
}

function folders(lines: Line[], later: Line[] = []): unknown[] {
  const { db } = temporaryLedger();
  const folder = temporaryFolder();
  writeTree(folder, { 'p/s.jsonl': textOf(lines) });
  importInto(db, folder);
  appendFileSync(join(folder, 'p/s.jsonl'), textOf(later));
  importInto(db, folder);
  return db.prepare('SELECT cwd FROM cost_records ORDER BY occurred_at_ms').pluck().all();
}

test('a line without a working directory has that of the line before', () => {
  const lines = [requestIn('/a', 1), requestIn(null, 2), requestIn('/b', 3), requestIn(null, 4)];
  expect(folders(lines)).toEqual(['/a', '/a', '/b', '/b']);
  expect(folders(lines.slice(0, 3), lines.slice(3))).toEqual(['/a', '/a', '/b', '/b']);
});

test('also if only a prompt names it', () => {
  const prompt = { ...promptLine('s', 1, 'p'), cwd: '/a' };
  expect(folders([prompt, requestIn(null, 2)])).toEqual(['/a']);
});
