import { describe, expect, test } from 'vitest';
import { BLOG, SHOP, report, writeHistory } from '../../helpers/program/history.ts';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { append, request, transcriptPath } from '../../helpers/lines.ts';

function machine(): Home {
  const home = temporaryHome();
  writeHistory(home);
  return home;
}

/** One line that says what is wrong, at most one more with a way out. */
const CLEAR = /^tallyhook: [^\n]{10,200}\n([^\n]+\n)?$/;

describe('what users of ccusage type', () => {
  test.each([
    ['daily -s 20261025 -u 20261025 -z Europe/Berlin', 4],
    ['daily --since 2026-10-25 --until 2026-10-25 --timezone Europe/Berlin', 4],
    ['daily --project shop', 4],
    ['daily -p blog', 2],
    ['daily --offline', 6],
    ['daily -O', 6],
    ['monthly --mode calculate', 6],
    ['weekly -m auto --order asc', 6],
    ['session -o desc', 6],
    ['weekly --start-of-week monday', 6],
    ['daily --compact --breakdown', 6],
  ])('%s', (line, requests) => {
    expect(report(machine(), ...line.split(' ')).totals.requests).toBe(requests);
  });

  test('-i is by project as well', () => {
    const home = machine();
    const { groups } = report(home, 'daily', '-i', '-z', 'Europe/Berlin');
    expect(groups.map(({ key }) => key)).toEqual([
      { day: '2026-10-24', project: expect.stringMatching(/shop$/) },
      // Of one day the most expensive comes first.
      { day: '2026-10-25', project: expect.stringMatching(/shop$/) },
      { day: '2026-10-25', project: expect.stringMatching(/blog$/) },
      { day: '2026-10-26', project: expect.stringMatching(/blog$/) },
    ]);
  });

  test('sessions come by their last activity, the latest last', () => {
    const home = machine();
    append(
      transcriptPath(home, 'old'),
      request({ session: 'old', id: 'msg_9', at: '2026-10-01T10:00:00.000Z', output: 90_000 }),
    );
    const ids = (...args: string[]): unknown[] =>
      report(home, 'sessions', ...args).groups.map(({ key }) => key['session'] ?? key['other']);
    expect(ids()).toEqual(['old', SHOP, BLOG]);
    expect(ids('-o', 'desc')).toEqual([BLOG, SHOP, 'old']);
    expect(ids('--limit', '1')).toEqual([BLOG, true]);
    // What is asked for by --by comes most expensive first, as ever.
    const top = report(home, 'summary', '--by', 'session').groups;
    expect(top.map(({ key }) => key['session'])).toEqual(['old', SHOP, BLOG]);
    expect(report(home, 'sessions').groups[1]).toMatchObject({
      project: expect.stringMatching(/shop$/),
      firstAt: '2026-10-24T21:59:59.999Z',
      lastAt: '2026-10-25T01:30:00.000Z',
    });
  });

  test.each([
    ['blocks', 'is not supported'],
    ['blocks --live', 'is not supported'],
    ['daily --mode display', '--mode display'],
    ['daily --jq .totals', '--jq'],
    ['weekly --start-of-week sunday', '--start-of-week sunday'],
  ])('%s is answered with the way out', (line, text) => {
    const { status, stdout, stderr } = cli(temporaryHome(), line.split(' '));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(CLEAR);
    expect(stderr).toContain(text);
    expect(stderr.split('\n')).toHaveLength(3);
  });

  test('is not in the help where it is not needed', () => {
    const home = temporaryHome();
    expect(cli(home, ['--help']).stdout).not.toContain('blocks');
    expect(cli(home, ['daily', '--help']).stdout).not.toContain('--offline');
  });
});

describe('bad values: status 2, and one clear line', () => {
  test.each([
    'daily --format xml',
    'daily --json --format csv',
    'requests --format',
    'requests --limit 0',
    'requests --by model',
    'summary --by colour',
    'summary --projects /nope',
    'daily --no-refresh --projects /nope',
    'tail --projects /nope',
    'tail --until 2026-01-01',
    'tail --last soon',
    'project a b',
    'sessions --id',
  ])('%s', (line) => {
    const { status, stdout, stderr } = cli(temporaryHome(), line.split(' '));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(CLEAR);
  });
});

describe('dimensions of a team', () => {
  test.each(['user', 'machine', 'team'])('%s is unknown to the ledger of one machine', (name) => {
    const { groups, totals } = report(machine(), 'summary', '--by', name);
    expect(groups).toEqual([{ key: { [name]: null }, ...totals }]);
  });
});

test('the overview has no row for a folder that nothing was spent in', () => {
  const home = machine();
  expect(cli(home, []).stdout).not.toContain('Project');
  expect(report(home, 'summary')).toMatchObject({ project: { requests: 0 } });
});
