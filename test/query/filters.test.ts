import { expect, test } from 'vitest';
import { FACT_FILTERS, FACT_NAMES, matchesFacts, readFacts } from '../../src/query/filters.ts';
import { NO_FILTER, buildWhere } from '../../src/store/records/filter.ts';
import { FILTER_LABELS } from '../../src/web/state/filter-labels.ts';
import { temporaryLedger } from '../helpers/ledger.ts';

const NOTHING = readFacts(() => undefined);

test.each(FACT_NAMES)('%s is a column of the ledger, alone and beside another', (name) => {
  const { db } = temporaryLedger();
  const filter = { ...NO_FILTER, sessionId: 's', [name]: 'x' };
  const { where, values } = buildWhere(filter);
  expect(where).toContain(`${FACT_FILTERS[name].column} = ?`);
  const sql = `SELECT count(*) FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id ${where}`;
  expect(db.prepare(sql).pluck().get(values)).toBe(0);
});

test.each(FACT_NAMES)('%s lets through the records that have it, and no others', (name) => {
  const facts = { ...NOTHING, [name]: 'x' };
  const { recordField } = FACT_FILTERS[name];
  expect(matchesFacts(facts, { [recordField]: 'x' })).toBe(true);
  expect(matchesFacts(facts, { [recordField]: 'y' })).toBe(false);
  expect(matchesFacts(facts, { [recordField]: null })).toBe(false);
  expect(matchesFacts(facts, {})).toBe(false);
  expect(matchesFacts(NOTHING, {})).toBe(true);
});

test('a model is asked for by any of its names', () => {
  const facts = readFacts((name) => (name === 'model' ? 'anthropic/claude-opus-4-8' : undefined));
  expect(facts).toEqual({ ...NOTHING, model: 'claude-opus-4-8' });
});

test.each(['codex', 'Codex', 'codex cli', 'Codex CLI'])('the client %s is Codex CLI', (text) => {
  expect(readFacts((name) => (name === 'client' ? text : undefined))).toEqual({
    ...NOTHING,
    client: 'codex',
  });
});

test('each filter of the dashboard is a parameter of the API', () => {
  const parameters = FACT_NAMES.map((name): string => FACT_FILTERS[name].parameter);
  expect(Object.keys(FILTER_LABELS).filter((name) => !parameters.includes(name))).toEqual([]);
});
