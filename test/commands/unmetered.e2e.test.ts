import { expect, test } from 'vitest';
import { type Home, query, temporaryHome, writeSettings } from '../helpers/home.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { good, statusOf } from '../helpers/program/budgets.ts';
import { cli, hook } from '../helpers/program/run.ts';
import { statusline } from '../helpers/program/statusline.ts';

const NOTE = '1 request without readable token counts (unmetered), counted as zero';

/** One request of $0.01, one with a malformed count and one whose model has no price. */
function homeOf(settings: object = {}): Home {
  const home = temporaryHome();
  writeSettings(home, { pricing: { fallback: 'none' }, ...settings });
  const at = new Date(Date.now() - 60_000).toISOString();
  const facts = { session: 's1', at, input: 1000, output: 200 };
  const malformed = request({ ...facts, id: 'bad' }).replace(':1000,', ':1000.5,');
  append(
    transcriptPath(home, 's1'),
    request({ ...facts, id: 'good' }),
    malformed,
    request({ ...facts, id: 'unpriced', model: 'acme-9' }),
  );
  return home;
}

function run(home: Home, ...args: string[]): string {
  const { status, stdout } = cli(home, args);
  expect(status).toBe(0);
  return stdout;
}

test('every report names the requests without readable counts, next to those without a price', () => {
  const home = homeOf();
  const ours = [[], ['summary'], ['daily'], ['project', 'shop'], ['explain'], ['requests']];
  for (const args of ours) {
    const text = run(home, ...args);
    expect(text).toContain(args[0] === 'requests' ? 'unmetered' : NOTE);
    expect(text).toContain(
      args[0] === 'requests' ? 'no price' : '1 request without a price, counted as zero',
    );
  }
  const document: unknown = JSON.parse(run(home, 'summary', '--json'));
  expect(document).toMatchObject({
    totals: { requests: 3, unpricedRequests: 2, costNanoUsd: 10_000_000 },
    unmeteredRequests: 1,
  });
  const rows = run(home, 'export', '--format', 'csv').split('\n');
  expect(rows.filter((row) => row.includes(',unmetered,'))).toHaveLength(1);
  expect(run(home, 'coverage')).toContain(NOTE);
  expect(run(home, 'pricing', 'unknown')).toMatch(/claude-opus-4-5 +unmetered +1 .*\?/);
  expect(run(home, 'requests', '--model', 'acme-9', '--json')).not.toContain('unmeteredRequests');
  expect(cli(home, ['verify']).status).toBe(0);
  const { stdout } = statusline(home, { session_id: 's1' });
  expect(stdout).toContain('$0.01?');
});

test('a budget says how many requests it leaves out, and `block` counts it as over', () => {
  const home = homeOf();
  good(home, 'set all --limit 1000 --per total');
  expect(statusOf(home, 'all')).toMatchObject({ level: 'fine', unpricedRequests: 2 });
  expect(run(home, 'budget')).toMatch(/all: leaves out 2 requests whose cost is not known/);
  const strict = homeOf({ budget: { unpriced: 'block' }, pricing: {} });
  good(strict, 'set all --limit 1000 --per total');
  expect(statusOf(strict, 'all')).toMatchObject({ level: 'over', isBlockedByUnpriced: true });
});

test('a payload without readable counts is unmetered, until the transcript has them', () => {
  const home = temporaryHome();
  const basis = (): unknown[] =>
    query(home.ledger, 'SELECT source, price_basis AS basis FROM cost_records');
  const usage = { prompt_tokens: null, completion_tokens: 'many' };
  hook(home, toolEvent('s1', null, { model: 'gpt-5', usage }));
  expect(basis()).toEqual([{ source: 'payload', basis: 'unmetered' }]);
  const zeros = { input_tokens: 0, output_tokens: 0 };
  hook(home, toolEvent('s1', null, { model: 'gpt-5', usage: zeros }));
  expect(basis()).toContainEqual({ source: 'payload', basis: 'unmetered' });
  const tools: [string, string][] = [['toolu_1', 'Bash']];
  append(transcriptPath(home, 's1'), request({ session: 's1', id: 'm', output: 5, tools }));
  run(home, 'import');
  expect(basis()).toEqual([{ source: expect.any(String), basis: 'exact' }]);
});
