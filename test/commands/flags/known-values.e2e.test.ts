import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../helpers/home.ts';
import { append, costState, request, transcriptPath } from '../../helpers/lines.ts';
import { BLOG, type Document, SHOP, report, writeHistory } from '../../helpers/program/history.ts';
import { cli } from '../../helpers/program/run.ts';

/** A value of each filter that is nowhere, and the remedy. */
const UNKNOWN: [flag: string, value: string, message: string, remedy: string][] = [
  ['session', 'nosuch', "session 'nosuch'", 'tallyhook sessions lists what is.'],
  ['session', `${SHOP.slice(0, -1)}9`, `session '${SHOP.slice(0, -1)}9'`, `Did you mean ${SHOP}?`],
  ['model', 'opsu', "model 'opsu'", 'Did you mean opus?'],
  ['model', 'claude-opus-4-6', "model 'claude-opus-4-6'", 'Did you mean claude-opus-4-5?'],
  ['project', 'shpo', "project 'shpo'", 'Did you mean shop?'],
  [
    'project',
    'nowhere-at-all',
    "project 'nowhere-at-all'",
    'tallyhook summary --by project lists what is.',
  ],
  ['agent', 'zz', "subagent 'zz'", 'tallyhook summary --by agent lists what is.'],
  ['agent-type', 'explore', "agent type 'explore'", 'Did you mean Explore?'],
  ['tool', 'bash', "tool 'bash'", 'Did you mean Bash?'],
  ['branch', 'drafts', "branch 'drafts'", 'Did you mean draft?'],
  ['client', 'claude', "client 'claude'", 'Did you mean claude-code?'],
  ['client', 'codex', "client 'codex'", 'tallyhook summary --by client lists what is.'],
];

const COMMANDS = ['summary', 'daily', 'sessions', 'requests', 'export', 'tail', 'cache-misses'];

describe('a value that is nowhere in the ledger', () => {
  test('ends every command that filters with 2 and the closest values', () => {
    const home = temporaryHome();
    writeHistory(home);
    const answers = UNKNOWN.map(([flag, value]) => cli(home, ['summary', `--${flag}`, value]));
    expect(answers).toEqual(
      UNKNOWN.map(([, , message, remedy]) => ({
        status: 2,
        signal: null,
        stdout: '',
        stderr: `tallyhook: ${message} is not in the ledger\n${remedy}\n`,
      })),
    );
    for (const command of COMMANDS) {
      const run = cli(home, [command, '--model', 'opsu']);
      expect([command, run.status, run.stderr]).toEqual([
        command,
        2,
        "tallyhook: model 'opsu' is not in the ledger\nDid you mean opus?\n",
      ]);
    }
    for (const args of [
      ['coverage', '--session', 'nosuch'],
      ['coverage', '--project', 'nosuch'],
      ['explain', 'nosuch'],
      ['sessions', '--id', 'nosuch'],
      ['project', 'nosuch'],
    ]) {
      const run = cli(home, args);
      expect([args, run.status, run.stdout]).toEqual([args, 2, '']);
      expect(run.stderr).toContain("'nosuch' is not in the ledger");
    }
  });

  test('is not in an empty ledger, which says that it is empty', () => {
    const home = temporaryHome();
    for (const args of [
      ['summary', '--model', 'opsu'],
      ['summary', '--session', 'last'],
      ['requests', '--branch', 'x', '--since', '2026-01-01'],
      ['explain', 'last'],
      ['coverage', '--session', 'nosuch'],
      ['cache-misses', '--tool', 'x'],
    ]) {
      const run = cli(home, args);
      expect([args, run]).toEqual([
        args,
        { status: 0, signal: null, stdout: 'The ledger has no requests yet.\n', stderr: '' },
      ]);
    }
  });
});

describe('a value that the ledger has', () => {
  test('outside the requested range gives an empty report that says where it is', () => {
    const home = temporaryHome();
    writeHistory(home);
    const zone = ['--timezone', 'Europe/Berlin'];
    const shown = (...args: string[]): string => cli(home, [...args, ...zone]).stdout;
    const early = ['--since', '2026-10-01', '--until', '2026-10-03'];
    expect(shown('summary', '--session', SHOP, ...early)).toBe(
      `No requests of session ${SHOP} between 2026-10-01 and 2026-10-03; it has 4 requests from 2026-10-24 to 2026-10-25.\n`,
    );
    expect(shown('daily', '--model', 'haiku', '--until', '2026-10-24')).toBe(
      'No requests of model haiku until 2026-10-24; it has 3 requests on 2026-10-25.\n',
    );
    expect(shown('requests', '--branch', 'draft', '--since', '2026-10-27')).toBe(
      'No requests of branch draft since 2026-10-27; it has 2 requests from 2026-10-25 to 2026-10-26.\n',
    );
    expect(
      shown('summary', '--tool', 'Bash', '--since', '2026-10-25', '--until', '2026-10-25'),
    ).toBe('No requests of tool Bash on 2026-10-25; it has 1 request on 2026-10-24.\n');
    expect(shown('cache-misses', ...early)).toBe(
      'No requests between 2026-10-01 and 2026-10-03; the ledger has 6 requests from 2026-10-24 to 2026-10-26.\n',
    );
    expect(shown('coverage', '--session', SHOP, '--no-transcripts', ...early)).toContain(
      `No requests of session ${SHOP} between`,
    );
    expect(shown('summary', '--session', SHOP, '--branch', 'draft')).toBe(
      `No request has all of these: session ${SHOP}, branch draft.\n`,
    );
    const csv = cli(home, ['summary', '--format', 'csv', '--session', SHOP, ...early]);
    expect(csv.status).toBe(0);
    expect(csv.stderr).toContain(`No requests of session ${SHOP} between`);
    const exported = cli(home, ['export', '--format', 'json', '--project', 'shop', ...early]);
    expect(exported.status).toBe(0);
    expect(exported.stderr).toContain(
      `No requests of project ${home.folder}/shop between 2026-10-01`,
    );
    const document = report<Document & { note: string }>(
      home,
      'summary',
      '--tool',
      'Bash',
      ...early,
    );
    expect(document.note).toContain('it has 1 request on 2026-10-24');
    expect(report<Document & { note?: string }>(home, 'summary').note).toBeUndefined();
  });

  test('is found by a family, the start of an id, and the name of a project, in every range', () => {
    const home = temporaryHome();
    writeHistory(home);
    const requests = (...args: string[]): number =>
      report(home, 'summary', ...args).totals.requests;
    expect(requests('--model', 'opus')).toBe(3);
    expect(requests('--model', 'Haiku')).toBe(3);
    expect(requests('--model', 'claude')).toBe(6);
    expect(requests('--model', 'claude', '--project', 'shop')).toBe(4);
    expect(requests('--model', 'claude', '--agent-type', 'Explore', '--project', 'shop')).toBe(2);
    expect(requests('--model', 'claude', '--branch', 'draft')).toBe(2);
    expect(requests('--model', 'opus-4.5', '--since', '2026-10-25T00:00:00Z')).toBe(1);
    expect(requests('--session', BLOG.slice(0, 6))).toBe(2);
    expect(requests('--by', 'day', '--model', 'claude')).toBe(6);
    expect(
      cli(home, ['export', '--model', 'opus', '--format', 'ndjson']).stdout.trim().split('\n'),
    ).toHaveLength(3);
  });

  test('may be a folder or a session without requests', () => {
    const home = temporaryHome();
    writeHistory(home);
    const folder = join(home.folder, 'new');
    mkdirSync(folder);
    append(transcriptPath(home, 'told'), costState('told', { 'claude-opus-4-5': { cost: 1 } }));
    const inFolder = cli(home, ['summary', '--project', '.'], { cwd: folder });
    expect(inFolder).toMatchObject({
      status: 0,
      stdout: `No requests of project ${folder} in the ledger.\n`,
    });
    expect(cli(home, ['summary', '--session', 'told']).status).toBe(0);
    expect(cli(home, ['coverage', '--session', 'told', '--json']).stdout).toContain(
      '"sessions": 1',
    );
  });

  test('is known as soon as it is recorded, also after a change of its branch', () => {
    const home = temporaryHome();
    const line = (branch: string): string => request({ session: 's1', id: 'msg_1', branch });
    append(transcriptPath(home, 's1'), line('one'));
    expect(report(home, 'summary', '--branch', 'one').totals.requests).toBe(1);
    append(transcriptPath(home, 's2'), request({ session: 's2', id: 'msg_2', branch: 'two' }));
    expect(report(home, 'summary', '--branch', 'two').totals.requests).toBe(1);
  });
});
