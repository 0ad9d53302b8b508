import { expect, test } from 'vitest';
import { openFile } from '../helpers/home.ts';
import { soundHome } from '../helpers/program/doctor.ts';
import { cli } from '../helpers/program/run.ts';

interface Document {
  findings: { check: string; state: string; message: string }[];
}

test('doctor says what it did not check', () => {
  const home = soundHome();
  const { findings } = JSON.parse(cli(home, ['doctor', '--json']).stdout) as Document;
  expect(findings.filter(({ check }) => check === 'ledger')).toEqual([
    expect.objectContaining({
      state: 'ok',
      message: expect.stringContaining('not compared with its transcripts (tallyhook verify)'),
    }),
  ]);
});

const COST = 'cost_nano_usd = cost_nano_usd + 5000000000';

test.each([
  ['a cost', `UPDATE cost_records SET ${COST}, output_${COST.replace('= cost', '= output_cost')}`],
  ['a roll-up', `UPDATE rollups SET ${COST}`],
  ['a session', `UPDATE sessions SET ${COST}`],
  ['a trigger', 'DROP TRIGGER book_new_record'],
  ['an index', 'DROP INDEX cost_records_by_time'],
  ['a step', 'DELETE FROM attribution_steps'],
  ['a project', `UPDATE projects SET name = 'evil'`],
  ['a deleted request', 'DELETE FROM tool_uses; DELETE FROM cost_records'],
])('doctor fails where verify does: %s', (_, sql) => {
  const home = soundHome();
  const db = openFile(home.ledger);
  db.exec(sql);
  db.close();
  expect(cli(home, ['verify', '--no-transcripts']).status).toBe(1);
  const run = cli(home, ['doctor', '--json']);
  const { findings } = JSON.parse(run.stdout) as Document;
  const states = findings.filter(({ check }) => check === 'ledger').map(({ state }) => state);
  expect([run.status, ...new Set(states)]).toEqual([1, 'fail']);
});
