import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/ledger.ts';
import { hookFile } from '../helpers/program/run.ts';
import { cases } from './cases.ts';
import { withEachAgent } from './each-agent.ts';
import { LabMachine } from './machine.ts';
import { type Counts, asLines, sumUp } from './sent.ts';

/** A hook that starts ours, and kills two of three at a random moment of the time that one takes. */
function writeKiller(folder: string): string {
  const file = join(folder, 'dist/hooks/record.cjs');
  mkdirSync(join(folder, 'dist/hooks'), { recursive: true });
  writeFileSync(
    file,
    `const { spawn } = require('node:child_process');
const hook = spawn(process.execPath, [${JSON.stringify(hookFile)}, ...process.argv.slice(2)], { stdio: 'inherit' });
if (Math.random() < 0.67) setTimeout(() => hook.kill('SIGKILL'), Math.random() * 90);
hook.on('exit', () => process.exit(0));
`,
  );
  return file;
}

withEachAgent(Object.keys(cases), (all) => {
  const [name, agent] = all;
  test('hooks that are killed lose nothing: the next import has each request once', async () => {
    const hook = writeKiller(temporaryFolder());
    const box = new LabMachine(all, { isEnforcing: false, hook });
    const own = cases[name] ?? [];
    const [first] = (own.find(({ hasSubagent }) => hasSubagent === true) ?? own[0])?.runs ?? [];
    const run = await box.run(first?.scenario ?? '', { adapt: first?.adapt });
    const due = run.sent.flatMap((one) => agent.logged(one, run.api) ?? []);
    const seen = box.recorded().length;
    box.tallyhook(['import', '--json']);
    console.log(`${name}: ${seen} of ${due.length} by the hooks that lived`);
    const shown = (counts: Counts[]) => asLines(agent.isCounter ? sumUp(counts) : counts);
    expect(shown(box.recorded())).toEqual(shown(due));
  });
});
