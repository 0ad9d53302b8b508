import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allFaultsOf, importInto, temporaryFolder, temporaryLedger } from '../../helpers/ledger.ts';
import { type Line, assistantLine, textOf, writeTree } from '../../helpers/transcripts.ts';

const of = { session: 's', message: 'constant' };
const call = { tools: [{ id: 't1', name: 'Bash' }], at: 1 };
const LINES: Line[] = [
  assistantLine({ ...of, input: 0, output: 0, stop: null, uuid: 'placeholder', ...call }),
  assistantLine({ ...of, input: 1, uuid: 'without a request id', at: 2 }),
  assistantLine({ ...of, input: 1, request: 'r1', uuid: 'with a request id', at: 3 }),
];

test.each([
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
])('verify finds no fault where a call may be of two requests: lines %i %i %i', (...order) => {
  const folder = temporaryFolder();
  const { db, path } = temporaryLedger(folder);
  const projects = join(folder, 'projects');
  writeTree(projects, { 'p/s.jsonl': '' });
  for (const index of order) {
    appendFileSync(join(projects, 'p/s.jsonl'), textOf([LINES[index] as Line]));
    importInto(db, projects);
    expect(allFaultsOf(db, path, projects)).toEqual([]);
  }
});
