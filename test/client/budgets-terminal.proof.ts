import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { budget, setBudgets } from '../helpers/budgets.ts';
import { cliFile } from '../helpers/program/run.ts';
import { VERSIONS, type Version } from './client.ts';
import { Sandbox } from './sandbox.ts';
import { type Step, answer, bash, say, usage, writes } from './scenario.ts';
import { Terminal, hasTerminal } from './terminal.ts';

/** Half a dollar each. */
const dear = () => ({
  usage: usage({
    input_tokens: 0,
    output_tokens: 20_000,
    cache_read_input_tokens: 0,
    ...writes(0, 0),
  }),
});
const work = (count: number): Step[] =>
  Array.from({ length: count }, (_, index) => answer([bash(`echo ${index}`)], dear()));

/** `tallyhook` is on the path of the client's shell. */
function sandbox(version: Version): Sandbox {
  const box = new Sandbox(version, inject('clients')[version] ?? '');
  const folder = join(box.root, 'bin');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'tallyhook'),
    `#!/bin/sh\nexec '${process.execPath}' '${cliFile}' "$@"\n`,
  );
  chmodSync(join(folder, 'tallyhook'), 0o755);
  box.env['PATH'] = `${folder}:${box.env['PATH']}`;
  box.enforceBudgets();
  return box;
}

/** Beside the threads the earlier client asks a model for things of its own. */
const mainCalls = (terminal: Terminal) => terminal.calls.filter(({ thread }) => thread === 'main');

describe.each(VERSIONS)('the interactive client %s', (version) => {
  const isHere = inject('clients')[version] !== null && hasTerminal();
  test.skipIf(!isHere)(
    'stops, refuses the prompt and gives it back, goes on when it is raised from inside',
    async () => {
      const box = sandbox(version);
      setBudgets(box.ledgerPath, budget());
      const scenario = { main: [...work(2), answer([say('All done.')], dear())] };
      const terminal = await Terminal.open(box, scenario);
      await terminal.line(/bypass permissions on/);
      await terminal.type('Please look around.');
      await terminal.line(/Budget cap has reached its limit: \$1\.00 of \$1\.00 in this session\./);
      expect(mainCalls(terminal)).toHaveLength(2);

      await terminal.type('Please go on.');
      await terminal.line(/UserPromptSubmit operation blocked by hook/);
      await terminal.line(/To continue: tallyhook budget allow cap 5/);
      // At the prompt again, to be sent later.
      await terminal.line(/Original prompt: Please go on\./);
      if (version === '2.1.330') await terminal.line(/^❯\sPlease go on\./);
      expect(mainCalls(terminal)).toHaveLength(2);

      terminal.clear();
      await terminal.type('! tallyhook budget allow cap 5 --for 15s');
      const raised = Date.now();
      await terminal.line(/cap.*\$6/);
      // The client goes on by itself with what the command has printed.
      await terminal.line(/All done\./);
      const between = mainCalls(terminal).length;
      await terminal.type('Please go on.');
      await terminal.line(/^\W*Done\./);
      expect(mainCalls(terminal).length).toBeGreaterThan(between);

      await sleep(Math.max(0, raised + 16_000 - Date.now()));
      const before = mainCalls(terminal).length;
      await terminal.type('And once more.');
      if (version === '2.1.330') await terminal.line(/^❯\sAnd once more\./);
      expect(mainCalls(terminal)).toHaveLength(before);
      await terminal.line(/Original prompt: And once more\./);
      terminal.clear();
      await terminal.exit();
    },
  );
});
