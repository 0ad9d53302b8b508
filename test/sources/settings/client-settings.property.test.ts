import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  ENFORCING_HOOKS,
  RECORDING_HOOKS,
} from '../../../src/agents/claude-code/settings/install.ts';
import {
  planRegistration,
  planRemoval,
  applyRegistration,
  applyRemoval,
} from '../../../src/sources/settings/client-settings.ts';
import { foreignSettings } from '../../agents/claude-code/arbitrary-settings.ts';
import { fc, runs } from '../../helpers/fast-check.ts';

const COMMAND = '/usr/bin/node /x/dist/hooks/record.cjs';
const PROGRAM = ['/usr/bin/node', '/x/dist/hooks/statusline.cjs'];
const NOW = new Date('2026-11-21T23:15:00.123Z');
const RUNS = runs(100);

/** Null: no file, `folder`: nor its folder. */
const files = fc.record({
  text: fc.oneof(
    { weight: 8, arbitrary: foreignSettings },
    { weight: 1, arbitrary: fc.constantFrom('', null) },
  ),
  hasFolder: fc.boolean(),
  isLink: fc.boolean(),
  hasBudgets: fc.boolean(),
  isUnderLine: fc.boolean(),
  /** Without a copy the hooks are taken out of the text as it is. */
  hasCopy: fc.boolean(),
});

/** Everything in a folder with its bytes; of links where they lead. Copies of init are left out. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true }).map(String).toSorted();
  const kept = names.filter((name) => !/tallyhook-backup|^data/.test(name));
  return Object.fromEntries(
    kept.map((name) => {
      const stat = lstatSync(join(folder, name));
      if (stat.isDirectory()) return [name, 'a folder'];
      return [name, stat.isSymbolicLink() ? 'a link' : readFileSync(join(folder, name), 'utf8')];
    }),
  );
}

function deleteCopies(folder: string): void {
  const copies = readdirSync(folder).filter((name) => name.includes('tallyhook-backup'));
  for (const name of copies) rmSync(join(folder, name));
}

test('files of every kind: init then uninstall leaves every byte, init twice is init once', () => {
  const home = mkdtempSync(join(tmpdir(), 'tallyhook-property-'));
  let serial = 0;
  try {
    fc.assert(
      fc.property(files, ({ text, hasFolder, isLink, hasBudgets, isUnderLine, hasCopy }) => {
        const place = join(home, String(serial++));
        const path = join(place, '.claude/settings.json');
        mkdirSync(hasFolder || text !== null || isLink ? dirname(path) : place, {
          recursive: true,
        });
        const target = isLink ? join(place, 'dotfiles.json') : path;
        if (isLink) symlinkSync('../dotfiles.json', path);
        if (text !== null) writeFileSync(target, text);
        const before = contents(place);
        const record = join(place, 'data/install.json');
        const hooks = [...RECORDING_HOOKS, ...(hasBudgets ? ENFORCING_HOOKS : [])];
        const init = (): string | null => {
          const line = { program: PROGRAM, isWanted: isUnderLine };
          return applyRegistration(planRegistration(path, COMMAND, hooks, line), record, NOW);
        };
        init();
        const once = contents(place);
        expect(readFileSync(path, 'utf8')).toContain('record.cjs');
        expect(readFileSync(path, 'utf8').includes('statusline.cjs')).toBe(isUnderLine);
        expect(init()).toBeNull();
        expect(contents(place)).toEqual(once);
        if (!hasCopy) deleteCopies(dirname(path));
        applyRemoval(planRemoval(path, record), record, NOW);
        expect(contents(place)).toEqual(before);
        expect(existsSync(record)).toBe(false);
      }),
      RUNS,
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
