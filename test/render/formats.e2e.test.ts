import { describe, expect, test } from 'vitest';
import { SHOP, type Document, report, writeHistory } from '../helpers/program/history.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';

function machine(): Home {
  const home = temporaryHome();
  writeHistory(home);
  return home;
}

/** What a command prints on a terminal of so many columns, in Berlin. */
function output(home: Home, line: string, columns = 100): string {
  const env = { COLUMNS: String(columns), NO_COLOR: '1', TZ: 'Europe/Berlin' };
  const { status, stdout, stderr } = cli(home, line === '' ? [] : line.split(' '), { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.replaceAll(home.folder, '~');
}

describe('tables', () => {
  test('wide', () => {
    const home = machine();
    expect(output(home, 'daily')).toMatchInlineSnapshot(`
      "Day         Requests  Input  Output  Cache write  Cache read     Cost  Share
      ──────────  ────────  ─────  ──────  ───────────  ──────────  ───────  ───────────────
      2026-10-24         1  1,000     200          400      10,000  $0.0175   26.2% ██▋
      2026-10-25         4    630     490        2,000           0  $0.0491   73.4% ███████▍
      2026-10-26         1      7       9            0           0  $0.0003    0.4%
      ──────────  ────────  ─────  ──────  ───────────  ──────────  ───────  ───────────────
      Total              6  1,637     699        2,400      10,000  $0.0669

      ≥ 1 request: the transcript was written before the reply finished, so output is a minimum
      "
    `);
    expect(output(home, 'sessions')).toMatchInlineSnapshot(`
      "Session              Project  Last activity     Requests  Input  Output  Cache read     Cost  Share
      ───────────────────  ───────  ────────────────  ────────  ─────  ──────  ──────────  ───────  ──────
      0a111111-0000-4000-  shop     2026-10-25 02:30         4  1,130     610      10,000  $0.0457   68.4%
      0b222222-0000-4000-  blog     2026-10-26 00:00         2    507      89           0  $0.0212   31.6%
      ───────────────────  ───────  ────────────────  ────────  ─────  ──────  ──────────  ───────  ──────
      Total                                                  6  1,637     699      10,000  $0.0669

      ≥ 1 request: the transcript was written before the reply finished, so output is a minimum
      "
    `);
    expect(output(home, 'daily --breakdown --limit 1')).toMatchInlineSnapshot(`
      "Day                 Requests  Input  Output  Cache write  Cache read     Cost  Share
      ──────────────────  ────────  ─────  ──────  ───────────  ──────────  ───────  ─────────────────
      2026-10-26                 1      7       9            0           0  $0.0003    0.4%
      └ claude-opus-4-5          1      7       9            0           0  $0.0003    0.4%
      (others)                   5  1,630     690        2,400      10,000  $0.0666   99.6% ██████████
      └ claude-opus-4-5          2  1,010     500        2,400      10,000  $0.0451   67.4% ██████▊
      └ claude-haiku-4-5         3    620     190            0           0  $0.0216   32.3% ███▎
      ──────────────────  ────────  ─────  ──────  ───────────  ──────────  ───────  ─────────────────
      Total                      6  1,637     699        2,400      10,000  $0.0669

      ≥ 1 request: the transcript was written before the reply finished, so output is a minimum
      "
    `);
  });

  test('narrow', () => {
    const home = machine();
    expect(output(home, 'daily', 60)).toMatchInlineSnapshot(`
      "Day         Requests  Input  Output     Cost  Share
      ──────────  ────────  ─────  ──────  ───────  ──────────────
      2026-10-24         1  1,000     200  $0.0175   26.2% ██▋
      2026-10-25         4    630     490  $0.0491   73.4% ███████
      2026-10-26         1      7       9  $0.0003    0.4%
      ──────────  ────────  ─────  ──────  ───────  ──────────────
      Total              6  1,637     699  $0.0669

      ≥ 1 request: the transcript was written before the reply
        finished, so output is a minimum
      "
    `);
    expect(output(home, 'sessions', 60)).toMatchInlineSnapshot(`
      "Session                    Requests  Output     Cost  Share
      ─────────────────────────  ────────  ──────  ───────  ──────
      0a111111-0000-4000-8000-0         4     610  $0.0457   68.4%
      0b222222-0000-4000-8000-0         2      89  $0.0212   31.6%
      ─────────────────────────  ────────  ──────  ───────  ──────
      Total                             6     699  $0.0669

      ≥ 1 request: the transcript was written before the reply
        finished, so output is a minimum
      "
    `);
    expect(output(home, 'daily -b --limit 1', 60)).toMatchInlineSnapshot(`
      "Day                 Requests  Input  Output     Cost  Share
      ──────────────────  ────────  ─────  ──────  ───────  ──────
      2026-10-26                 1      7       9  $0.0003    0.4%
      └ claude-opus-4-5          1      7       9  $0.0003    0.4%
      (others)                   5  1,630     690  $0.0666   99.6%
      └ claude-opus-4-5          2  1,010     500  $0.0451   67.4%
      └ claude-haiku-4-5         3    620     190  $0.0216   32.3%
      ──────────────────  ────────  ─────  ──────  ───────  ──────
      Total                      6  1,637     699  $0.0669

      ≥ 1 request: the transcript was written before the reply
        finished, so output is a minimum
      "
    `);
    expect(output(home, 'summary --by ticket,branch', 60)).toMatchInlineSnapshot(`
      "Ticket       Branch  Requests  Output     Cost  Share
      ───────────  ──────  ────────  ──────  ───────  ────────────
      (no ticket)  main           4     610  $0.0457   68.4% █████
      (no ticket)  draft          2      89  $0.0212   31.6% ███▏
      ───────────  ──────  ────────  ──────  ───────  ────────────
      Total                       6     699  $0.0669

      ≥ 1 request: the transcript was written before the reply
        finished, so output is a minimum
      "
    `);
  });

  test.each([60, 80, 100, 140])('no line is longer than %i columns', (columns) => {
    const home = machine();
    for (const line of [
      '',
      'daily',
      'sessions -b',
      'monthly --instances',
      'summary --session last',
      `summary --session ${SHOP}`,
      'summary --by session,prompt',
      'requests',
      'project shop --since 2026-10-01',
    ]) {
      const long = output(home, line, columns)
        .split('\n')
        .filter((text) => [...text].length > columns);
      expect({ line, long }).toEqual({ line, long: [] });
    }
  });

  test('names can neither colour nor break a line', () => {
    const home = temporaryHome();
    const branch = 'a\u001B[31m\r\nb\u009B2J';
    append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1', branch }));
    expect(output(home, 'summary --by branch').split('\n')[2]).toMatch(
      /^a\\x1b\[31m\\r\\nb\\x9b2J +1 /,
    );
  });

  test('--compact leaves columns out of a wide one, --no-compact none of a narrow one', () => {
    const home = machine();
    expect(output(home, 'daily', 140)).toContain('Cache read');
    expect(output(home, 'daily --compact', 140)).not.toContain('Cache read');
    expect(output(home, 'daily', 60)).not.toContain('Cache read');
    expect(output(home, 'daily --no-compact', 60)).toContain('Cache read');
  });
});

describe('CSV', () => {
  test('has the names of the dimensions and of the JSON, and no total', () => {
    const home = machine();
    expect(output(home, 'daily --format csv').replaceAll('\r', '')).toMatchInlineSnapshot(`
      "day,requests,inputTokens,outputTokens,cacheReadTokens,cacheWrite5mTokens,cacheWrite1hTokens,webSearchRequests,costNanoUsd,costUsd,estimatedCostNanoUsd,unpricedRequests,incompleteRequests
      2026-10-24,1,1000,200,10000,400,0,0,17500000,0.0175,0,0,0
      2026-10-25,4,630,490,0,0,2000,2,49120000,0.04912,0,0,0
      2026-10-26,1,7,9,0,0,0,0,260000,0.00026,0,0,1
      "
    `);
    expect(output(home, 'summary --by project,tool --limit 1 --format csv').replaceAll('\r', ''))
      .toMatchInlineSnapshot(`
      "project,tool,requests,inputTokens,outputTokens,cacheReadTokens,cacheWrite5mTokens,cacheWrite1hTokens,webSearchRequests,costNanoUsd,costUsd,estimatedCostNanoUsd,unpricedRequests,incompleteRequests
      ~/shop,Agent,1,10,300,0,0,2000,0,27550000,0.02755,0,0,0
      (others),,5,1627,399,10000,400,0,2,39330000,0.03933,0,0,1
      "
    `);
  });

  test.each([
    'daily',
    'daily -b',
    'sessions',
    'summary --by model,day',
    'summary --by tool -b --limit 2',
    `summary --session ${SHOP} --by prompt`,
  ])('of %s: each column sums to the total', (line) => {
    const home = machine();
    const rows = output(home, `${line} --format csv`)
      .split('\r\n')
      .slice(0, -1)
      .map((row) => row.split(','));
    const { totals } = report(home, ...line.split(' '));
    const [names = [], ...cells] = rows;
    for (const [name, total] of Object.entries(totals)) {
      const at = names.indexOf(name);
      const sum = cells.reduce((all, row) => all + Number(row[at]), 0);
      expect({ name, sum }).toEqual({ name, sum: expect.closeTo(total, 9) });
    }
  });

  test('has nothing in it that a spreadsheet would run', () => {
    const home = temporaryHome();
    const branch = '=HYPERLINK("http://x";"y"),+1';
    append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1', branch }));
    const text = output(home, 'summary --by branch --format csv');
    expect(text.split('\r\n')[1]).toMatch(/^"'=HYPERLINK\(""http:\/\/x"";""y""\),\+1",1,10,/);
  });

  test('of nothing is its header', () => {
    const home = temporaryHome();
    expect(output(home, 'daily --format csv')).toMatch(/^day,requests,[^\n]*\r\n$/);
    expect(output(home, 'requests --format csv')).toMatch(/^occurredAt,id,[^\n]*\r\n$/);
  });
});

describe('Markdown', () => {
  test('is a table that GitHub renders', () => {
    const home = machine();
    expect(output(home, 'daily --format md')).toMatchInlineSnapshot(`
      "| Day | Requests | Input | Output | Cache write | Cache read | Cost | Share |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | 2026-10-24 | 1 | 1,000 | 200 | 400 | 10,000 | $0.0175 | 26.2% |
      | 2026-10-25 | 4 | 630 | 490 | 2,000 | 0 | $0.0491 | 73.4% |
      | 2026-10-26 | 1 | 7 | 9 | 0 | 0 | $0.0003 | 0.4% |
      | **Total** | **6** | **1,637** | **699** | **2,400** | **10,000** | **$0.0669** |  |

      - ≥ 1 request: the transcript was written before the reply finished, so output is a minimum
      "
    `);
    expect(output(home, 'weekly -b --format md')).toMatchInlineSnapshot(`
      "| Week | Requests | Input | Output | Cache write | Cache read | Cost | Share |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | 2026-W43 | 5 | 1,630 | 690 | 2,400 | 10,000 | $0.0666 | 99.6% |
      | └ claude-opus-4-5 | 2 | 1,010 | 500 | 2,400 | 10,000 | $0.0451 | 67.4% |
      | └ claude-haiku-4-5 | 3 | 620 | 190 | 0 | 0 | $0.0216 | 32.3% |
      | 2026-W44 | 1 | 7 | 9 | 0 | 0 | $0.0003 | 0.4% |
      | └ claude-opus-4-5 | 1 | 7 | 9 | 0 | 0 | $0.0003 | 0.4% |
      | **Total** | **6** | **1,637** | **699** | **2,400** | **10,000** | **$0.0669** |  |

      - ≥ 1 request: the transcript was written before the reply finished, so output is a minimum
      "
    `);
  });

  test('keeps what would end a cell inside of it', () => {
    const home = temporaryHome();
    const branch = 'a|b\\|c<br>`*d*`';
    append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1', branch }));
    const row = output(home, 'summary --by branch --format md').split('\n')[2];
    expect(row).toMatch(/^\| a\\\|b\\\\\\\|c&lt;br&gt;\\`\\\*d\\\*\\` \| 1 \|/);
  });
});

describe('--format json is --json', () => {
  test.each(['', 'daily', 'sessions', 'summary --session last', 'project', 'requests'])(
    '%j',
    (line) => {
      const home = machine();
      const words = line === '' ? [] : line.split(' ');
      const asked = JSON.parse(output(home, [...words, '--format', 'json'].join(' '))) as Document;
      const short = JSON.parse(output(home, [...words, '-j'].join(' '))) as Document;
      expect({ ...asked, generatedAt: '' }).toEqual({ ...short, generatedAt: '' });
      expect(asked.schemaVersion).toBe(1);
    },
  );
});

describe('--breakdown', () => {
  test('is in the JSON of each group, also of the rest', () => {
    const home = machine();
    const { groups } = report<{ groups: { key: object; breakdown: { key: object }[] }[] }>(
      home,
      'daily',
      '-b',
      '--limit',
      '1',
    );
    expect(groups.map(({ key, breakdown }) => [key, breakdown.map((part) => part.key)])).toEqual([
      [{ day: '2026-10-25' }, [{ model: 'claude-haiku-4-5' }, { model: 'claude-opus-4-5' }]],
      [{ other: true }, [{ model: 'claude-opus-4-5' }]],
    ]);
  });

  test('without a grouping is one by model', () => {
    const home = machine();
    const { groups } = report(home, 'summary', '--breakdown');
    expect(groups.map(({ key }) => key['model'])).toEqual(['claude-opus-4-5', 'claude-haiku-4-5']);
  });
});
