import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { temporaryHome } from '../helpers/home.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';
import { cli } from '../helpers/program/run.ts';
import { statusline } from '../helpers/program/statusline.ts';
import { statusJson } from '../helpers/statusline.ts';

const NAMES = [
  '日本語のとても長いプロジェクトの名前です',
  '👩‍👩‍👧‍👦-the-family-and-its-long-name-👩‍👩‍👧‍👦',
  '한국어-프로젝트',
  'cafe\u0301-cre\u0300me-bru\u0302le\u0301e',
  'plain',
];

test('tables with wide characters line up, fit the terminal and cut no character in two', () => {
  const home = temporaryHome();
  NAMES.forEach((name, index) => {
    const session = `s${index}`;
    const facts = { session, id: `msg_${index}`, cwd: `/home/user/${name}`, branch: name };
    const tools: [string, string][] = [[`call_${index}`, `mcp__${name}__読む`]];
    append(transcriptPath(home, session), request({ ...facts, tools }));
  });
  const lines = ['', 'summary --by project,branch', 'summary --by tool', 'sessions', 'requests'];
  for (const line of lines) {
    for (const columns of [80, 84, 100, 101, 102, 140]) {
      const args = line.split(' ').filter((word) => word !== '');
      const env = { COLUMNS: String(columns) };
      const { status, stdout } = cli(home, args, { env });
      expect(status).toBe(0);
      expect(stdout).not.toMatch(/\uFFFD|\p{Cs}/u);
      const widths = stdout.split('\n').map((one) => stringWidth(one));
      expect(Math.max(...widths), `${line} in ${columns} columns\n${stdout}`).toBeLessThanOrEqual(
        columns,
      );
    }
  }
  const { stdout } = cli(home, ['summary', '--by', 'project,branch'], { env: { COLUMNS: '100' } });
  const rows = stdout.split('\n').filter((one) => one.includes('$'));
  expect(rows.length).toBeGreaterThan(NAMES.length);
  expect(
    new Set(rows.map((row) => stringWidth(row.slice(0, row.indexOf('$') + 7)))),
  ).toHaveProperty('size', 1);
});

test('the status line fits the terminal with a model of wide characters', () => {
  const model = { id: 'claude-opus-4-8', display_name: '機'.repeat(22) };
  for (const columns of [20, 30, 60, 84]) {
    const run = statusline(temporaryHome(), statusJson({ model }), { COLUMNS: String(columns) });
    expect(stringWidth(run.stdout.trim())).toBeLessThanOrEqual(columns - 4);
  }
});
