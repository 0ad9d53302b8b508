import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliFile } from '../helpers/program/run.ts';
import { query } from '../helpers/home.ts';
import { withEachClient } from './each-client.ts';
import { audit } from './expectations.ts';
import type { Sandbox } from './sandbox.ts';
import { type Scenario, answer, bash, say } from './scenario.ts';

const turn = (): Scenario => ({ main: [answer([bash('echo one')]), answer([say('One.')])] });

const theirs = (box: Sandbox): object => {
  const command = `echo theirs >> ${box.root}/theirs`;
  return { hooks: { PostToolUse: [{ matcher: 'Bash', hooks: [{ type: 'command', command }] }] } };
};

/** Settings that the client reads, in every layout. Null: there is no file. */
const DOCUMENTS: [name: string, text: (box: Sandbox) => string | null, isLink?: boolean][] = [
  ['no file', () => null],
  ['an empty object', () => '{}'],
  ['an empty file', () => ''],
  ['one line with hooks of others', (box) => JSON.stringify(theirs(box))],
  ['tabs, CR LF', (box) => JSON.stringify(theirs(box), null, '\t').replaceAll('\n', '\r\n')],
  ['a byte order mark', (box) => `\uFEFF${JSON.stringify(theirs(box), null, 4)}\n`],
  [
    'a symbolic link',
    (box) => JSON.stringify({ cleanupPeriodDays: 99, ...theirs(box) }, null, 1),
    true,
  ],
];

withEachClient((open) => {
  test.each(DOCUMENTS)(
    'init into %s: the client runs all hooks, uninstall leaves every byte',
    async (_, textOf, isLink = false) => {
      const box = open();
      const path = join(box.env['HOME'] ?? '', '.claude/settings.json');
      const text = textOf(box);
      const target = isLink ? join(box.root, 'dotfiles.json') : path;
      rmSync(path, { force: true });
      if (isLink) symlinkSync(target, path);
      if (text !== null) writeFileSync(target, text);
      const tallyhook = (...args: string[]): string =>
        execFileSync(process.execPath, [cliFile, ...args], {
          env: box.env,
          encoding: 'utf8',
          cwd: box.project,
        });
      tallyhook('init', '--yes', '--budgets', '--statusline');
      const { result } = await box.run(turn());
      const events = query<{ name: string }>(
        box.ledgerPath,
        'SELECT DISTINCT name FROM hook_events',
      );
      const names = events.map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(['UserPromptSubmit', 'PostToolBatch', 'Stop', 'SessionEnd']),
      );
      const hasOthers = text?.includes('theirs') === true;
      expect(existsSync(join(box.root, 'theirs'))).toBe(hasOthers);
      const { held, due } = audit(box, { said: [result.modelUsage] });
      expect(held).toEqual(due);
      const { costUsd } = (
        JSON.parse(tallyhook('summary', '--json')) as { totals: { costUsd: number } }
      ).totals;
      expect(Math.abs(costUsd - result.total_cost_usd)).toBeLessThan(1e-9);
      // The client may have written there meanwhile; what it was is back all the same.
      const now = readFileSync(target, 'utf8');
      tallyhook('uninstall');
      expect(now).toContain('record.cjs');
      expect(existsSync(target) ? readFileSync(target, 'utf8') : null).toBe(text);
    },
  );
});
