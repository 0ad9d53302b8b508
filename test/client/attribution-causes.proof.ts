import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NamedShare } from '../helpers/shares.ts';
import { RATE } from '../helpers/billed.ts';
import { CountingCache, type Segment } from './counting-cache.ts';
import { withEachClient } from './each-client.ts';
import type { Sandbox } from './sandbox.ts';
import { type Block, type Step, answer, bash, call, say } from './scenario.ts';
import { accountOf, costOf } from './told-calls.ts';

const CONTEXT = 'What the hook has to say about it. '.repeat(20);
const POEM = 'How a poem is written, line by line. '.repeat(80);
const MEMORY = 'Of this folder is to be known that. '.repeat(60);

/** Hooks that speak to the model, a skill, an image, and instructions of a folder. */
function furnish(box: Sandbox): void {
  const home = join(box.env['HOME'] ?? '', '.claude');
  const says = (hookEventName: string): object[] => {
    const output = { hookSpecificOutput: { hookEventName, additionalContext: CONTEXT } };
    return [{ hooks: [{ type: 'command', command: `echo '${JSON.stringify(output)}'` }] }];
  };
  const hooks = { PostToolUse: says('PostToolUse'), PostToolBatch: says('PostToolBatch') };
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ hooks }));
  mkdirSync(join(home, 'skills/poem'), { recursive: true });
  const about = 'name: poem\ndescription: Writes a poem.';
  writeFileSync(join(home, 'skills/poem/SKILL.md'), `---\n${about}\n---\n${POEM}\n`);
  mkdirSync(join(box.project, 'sub'));
  writeFileSync(join(box.project, 'sub/CLAUDE.md'), MEMORY);
  writeFileSync(join(box.project, 'sub/a.txt'), 'a\n');
  // The client looks at the first bytes; the rest only makes it large.
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  writeFileSync(join(box.project, 'a.png'), Buffer.concat([png, Buffer.alloc(30_000, 7)]));
}

withEachClient((open, version) => {
  test('what hooks, skills, images and instructions put into a context', async () => {
    const box = open([]);
    furnish(box);
    const { count } = new CountingCache();
    const step = (...content: Block[]): Step => answer(content, { usage: count });
    const image = `${box.project}/a.png`;
    const main = [
      step(bash('echo one')),
      step(call('Skill', { skill: 'poem' })),
      step(call('Read', { file_path: image })),
      step(call('Read', { file_path: `${box.project}/sub/a.txt` })),
      step(say('Done.')),
    ];
    await box.run({ main });
    const { calls } = await accountOf(box);
    expect(calls).toHaveLength(5);
    /** Tokens of what entered with a call, as told. */
    const entered = (index: number, is: Partial<NamedShare>): number =>
      costOf(calls[index]?.told.shares ?? [], 'new-input', is) / RATE.write5m;
    const idOf = (index: number): string => calls[index]?.served.tools[0]?.id ?? '';
    const [, afterBash, , , afterMemory] = calls.map(({ segments }) => segments);
    const due = {
      hooks: (2 * CONTEXT.length) / 4,
      skill: POEM.length / 4,
      image: 1500,
      memory: MEMORY.length / 4,
    };
    const told = {
      hooks: entered(1, { cause: 'hook-output' }),
      skill: entered(2, { detail: idOf(1) }),
      image: entered(3, { detail: idOf(2) }),
      memory: entered(4, { cause: 'attachment', detail: `${box.project}/sub/CLAUDE.md` }),
    };
    console.log(`${version}: due ${JSON.stringify(due)}, told ${JSON.stringify(told)}`);
    // The client sends what the test counts on.
    expect(occurrences(afterBash, CONTEXT.trim())).toBe(2);
    expect(occurrences(afterMemory, MEMORY.trim())).toBe(1);
    // Each with its wrapping, which nothing bills by itself.
    for (const name of Object.keys(due) as (keyof typeof due)[]) {
      expect(Math.abs(told[name] - due[name])).toBeLessThan(due[name] * 0.15);
    }
    // Nothing else entered that is not known.
    expect(
      calls.reduce((sum, _, index) => sum + entered(index, { cause: '(unattributed)' }), 0),
    ).toBe(0);
  });
});

function occurrences(segments: Segment[] | undefined, text: string): number {
  return (segments ?? []).reduce((sum, one) => sum + one.text.split(text).length - 1, 0);
}
