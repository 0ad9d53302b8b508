import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Document, report, writeHistory } from '../helpers/program/history.ts';
import { cli } from '../helpers/program/run.ts';
import { temporaryHome } from '../helpers/home.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';

type ProjectDocument = Document & {
  project: { name: string; root: string };
  byModel: Document['groups'];
};

const DAY_MS = 86_400_000;

describe('project', () => {
  test('is the last 30 days of a folder, by day, and its total by model', () => {
    const home = temporaryHome();
    const cwd = join(home.folder, 'shop');
    mkdirSync(cwd);
    const elsewhere = join(home.folder, 'elsewhere');
    mkdirSync(join(elsewhere, '.git'), { recursive: true });
    const at = (daysAgo: number): string => new Date(Date.now() - daysAgo * DAY_MS).toISOString();
    const facts = { session: 's1', cwd };
    append(
      transcriptPath(home, 's1'),
      request({ ...facts, id: 'msg_1', at: at(0), input: 1 }),
      request({ ...facts, id: 'msg_2', at: at(29), input: 2, model: 'claude-haiku-4-5' }),
      request({ ...facts, id: 'msg_3', at: at(30), input: 4 }),
      request({ session: 's1', id: 'msg_4', at: at(0), input: 8, cwd: elsewhere }),
    );
    const day = (daysAgo: number): string => at(daysAgo).slice(0, 10);
    const document = report<ProjectDocument>(home, 'project', cwd);
    expect(document).toMatchObject({
      filters: { project: cwd, since: day(29) },
      project: { name: 'shop', root: cwd },
      totals: { requests: 2, inputTokens: 3 },
    });
    expect(document.groups.map(({ key, inputTokens }) => [key['day'], inputTokens])).toEqual([
      [day(29), 2],
      [day(0), 1],
    ]);
    expect(document.byModel.map(({ key, inputTokens }) => [key['model'], inputTokens])).toEqual([
      ['claude-opus-4-5', 1],
      ['claude-haiku-4-5', 2],
    ]);
    const inFolder = cli(home, ['project', '--json'], { cwd });
    expect((JSON.parse(inFolder.stdout) as ProjectDocument).totals).toEqual(document.totals);
    const input = (...args: string[]): number =>
      report<ProjectDocument>(home, 'project', 'shop', ...args).totals.inputTokens;
    expect(input()).toBe(3);
    expect(input('--last', '9w')).toBe(7);
    expect(input('--since', day(30), '--until', day(30))).toBe(4);
    expect(input('--until', day(1))).toBe(6);
  });

  test('looks like this', () => {
    const home = temporaryHome();
    writeHistory(home);
    const env = { COLUMNS: '100', NO_COLOR: '1' };
    const shown = (...args: string[]): string =>
      cli(home, ['project', 'shop', ...args], { env }).stdout.replaceAll(home.folder, '~');
    expect(shown('--since', '2026-10-01', '--until', '2026-10-31')).toMatchInlineSnapshot(`
      "shop  ~/shop
      $0.04572  4 requests  since 2026-10-01 until 2026-10-31

      Day         Requests  Input  Output  Cache write  Cache read     Cost  Share
      ──────────  ────────  ─────  ──────  ───────────  ──────────  ───────  ─────────────────
      2026-10-24         2  1,010     500        2,400      10,000  $0.0451   98.5% █████████▉
      2026-10-25         2    120     110            0           0  $0.0007    1.5% ▏
      ──────────  ────────  ─────  ──────  ───────────  ──────────  ───────  ─────────────────
      Total              4  1,130     610        2,400      10,000  $0.0457

      Model             Requests  Input  Output  Cache write  Cache read     Cost  Share
      ────────────────  ────────  ─────  ──────  ───────────  ──────────  ───────  ─────────────────
      claude-opus-4-5          2  1,010     500        2,400      10,000  $0.0451   98.5% █████████▉
      claude-haiku-4-5         2    120     110            0           0  $0.0007    1.5% ▏
      "
    `);
    expect(shown('--until', '2026-10-01')).toMatchInlineSnapshot(`
      "shop  ~/shop
      No requests of project ~/shop until 2026-10-01; it has 4 requests from 2026-10-24 to 2026-10-25.
      "
    `);
  });

  test('a name that several have is told so', () => {
    const home = temporaryHome();
    for (const [index, cwd] of ['/a/shop', '/b/shop'].entries()) {
      const session = `s${index}`;
      append(transcriptPath(home, session), request({ session, id: `msg_${index}`, cwd }));
    }
    expect(cli(home, ['summary', '--project', 'shop'])).toMatchObject({
      status: 2,
      stderr:
        "tallyhook: --project: several projects are named 'shop'\nUse the folder instead: /a/shop or /b/shop.\n",
    });
    expect(report(home, 'summary', '--project', '/a/shop').totals.requests).toBe(1);
  });

  test('a project of another system is found by its path, by a folder in it, and by its name', () => {
    const home = temporaryHome();
    const root = 'C:\\Users\\u\\shop';
    const worktree = `${root}\\.claude\\worktrees\\fox`;
    for (const [index, cwd] of [root, worktree].entries()) {
      const session = `s${index}`;
      append(transcriptPath(home, session), request({ session, id: `msg_${index}`, cwd }));
    }
    for (const given of [root, worktree, 'shop']) {
      expect(report(home, 'summary', '--project', given).totals.requests).toBe(2);
    }
    const set = cli(home, [
      'budget',
      'set',
      'shop',
      '--limit',
      '5',
      '--per',
      'day',
      '--project',
      root,
    ]);
    expect(set).toMatchObject({ status: 0, stderr: '' });
  });

  test('a repository is found by a link to it', () => {
    const home = temporaryHome();
    mkdirSync(join(home.folder, 'shop/.git'), { recursive: true });
    const link = join(home.folder, 'link');
    symlinkSync(join(home.folder, 'shop'), link);
    append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1', cwd: link }));
    expect(report(home, 'summary', '--project', link).totals.requests).toBe(1);
  });
});
