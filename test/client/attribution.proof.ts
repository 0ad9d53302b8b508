import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { summarizeShares } from '../../src/reports/shares/shares.ts';
import { AttributionReader } from '../../src/store/attribution/reader.ts';
import { LedgerReader } from '../../src/store/reader.ts';
import { RATE } from '../helpers/billed.ts';
import { requestOf } from '../helpers/report-sums.ts';
import { CountingCache, type Segment, tokensIn } from './counting-cache.ts';
import { withEachClient } from './each-client.ts';
import type { Sandbox } from './sandbox.ts';
import { type Block, type Step, answer, bash, call, say, startAgent } from './scenario.ts';
import { accountOf, costOf } from './told-calls.ts';

const server = fileURLToPath(new URL('give-server.mjs', import.meta.url));
const GIVE = 'mcp__giver__give';
const give = (chars: number): Block => call(GIVE, { chars });

/** An MCP server of our own; the client's flags that start it. */
function withServer(box: Sandbox): string[] {
  // The client keeps longer results in a file and passes on their start.
  box.env['MAX_MCP_OUTPUT_TOKENS'] = '200000';
  const config = join(box.root, 'mcp.json');
  const giver = { command: process.execPath, args: [server] };
  writeFileSync(config, JSON.stringify({ mcpServers: { giver } }));
  return ['--mcp-config', config, '--strict-mcp-config'];
}

/** Tokens of what a tool call put into the context: itself, and what it returned. */
function tokensOfTool(segments: Segment[], toolUseId: string): number {
  return tokensIn(segments.filter((segment) => segment.toolUseId === toolUseId));
}

withEachClient((open, version) => {
  test('one result of 200 kB, carried for 30 turns', async () => {
    const box = open();
    const { count } = new CountingCache();
    const turns = Array.from({ length: 30 }, (_, index) =>
      answer([bash(`echo ${index}`)], { usage: count }),
    );
    const main: Step[] = [
      answer([give(200_000)], { usage: count }),
      ...turns,
      answer([say('Done.')], { usage: count }),
    ];
    await box.run({ main }, { args: withServer(box) });
    const { calls } = await accountOf(box);
    expect(calls).toHaveLength(32);
    const [first, second, ...carrying] = calls;
    const id = first?.served.tools[0]?.id ?? '';
    // The client passed on the whole of it.
    const tokens = tokensOfTool(second?.segments ?? [], id);
    expect(tokens).toBeGreaterThan(50_000);
    const is = { cause: 'tool-use', detail: id } as const;
    const read = costOf(second?.told.shares ?? [], 'new-input', is);
    expectTokens(read, tokens, RATE.write5m);
    const carried = carrying.map(({ told }) => costOf(told.shares, 'carried-input', is));
    expect(carried).toHaveLength(30);
    for (const cost of carried) expectTokens(cost, tokens, RATE.read);
    const sum = carried.reduce((all, cost) => all + cost, 0);
    console.log(
      `${version}: ${tokens} tokens carried for ${sum} nano-USD, 30 reads of them ${30 * tokens * RATE.read}`,
    );
  });

  test('two tools at once whose results are 1 to 9', async () => {
    const box = open();
    const { count } = new CountingCache();
    const main = [
      answer([give(9000), give(81_000)], { usage: count }),
      answer([say('Done.')], { usage: count }),
    ];
    await box.run({ main }, { args: withServer(box) });
    const { db, calls } = await accountOf(box);
    const [first, second] = calls;
    const ids = first?.served.tools.map(({ id }) => id) ?? [];
    const read = ids.map((detail) => costOf(second?.told.shares ?? [], 'new-input', { detail }));
    const tokens = ids.map((id) => tokensOfTool(second?.segments ?? [], id));
    console.log(
      `${version}: read ${read.join(' and ')} nano-USD, for ${tokens.join(' and ')} tokens`,
    );
    read.forEach((cost, index) => expectTokens(cost, tokens[index] ?? 0, RATE.write5m));
    // The calls themselves are as long as each other; without them it is 1 to 9.
    const calling = tokensOfTool(second?.segments ?? [], ids[0] ?? '') - 9000 / 4;
    const results = read.map((cost) => cost / RATE.write5m - calling);
    expect((results[1] ?? 0) / (results[0] ?? 1)).toBeCloseTo(9, 1);
    // An MCP tool: its server has what its calls wrote, read and carried, and nobody else has.
    const told = calls.flatMap(({ told: { shares } }) => shares);
    const due = told
      .filter(({ detail }) => ids.includes(detail))
      .reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
    const by = await summarizeShares(
      new LedgerReader(db),
      new AttributionReader(db),
      requestOf(['mcp-server']),
    );
    const servers = by.groups.map(({ key, costNanoUsd }) => [key['mcp-server'], costNanoUsd]);
    const all = told.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
    expect(Object.fromEntries(servers)).toEqual({ giver: due, null: all - due });
    expect(due).toBeGreaterThan(20_000 * RATE.write5m);
  });

  test.each([
    ['5m', true],
    ['1h', false],
  ] as const)('a pause of six minutes, with a cache for %s', async (life, isLost) => {
    const box = open([]);
    const cache = new CountingCache(life);
    const step = (...content: Block[]): Step => answer(content, { usage: cache.count });
    const args = withServer(box);
    const one = await box.run({ main: [step(give(40_000)), step(say('One.'))] }, { args });
    // No test waits that long: the transcript says that all of this was six minutes ago.
    setBack(box, 6 * 60_000);
    if (isLost) cache.forget();
    const resume = ['--resume', one.result.session_id, ...args];
    await box.run({ main: [step(say('Two.'))] }, { args: resume, prompt: 'Go on.' });
    const { calls } = await accountOf(box);
    const [, before, after] = calls;
    const carried = tokensIn(before?.segments ?? []);
    expect(calls).toHaveLength(3);
    expect(carried).toBeGreaterThan(10_000);
    const rewritten = isLost ? carried * RATE.write5m : 0;
    const { miss = null } = after?.told.outcome ?? {};
    console.log(`${version}: ${life}, ${carried} tokens before the pause, ${JSON.stringify(miss)}`);
    expect(miss).toEqual(isLost ? { reason: 'idle-5m', costNanoUsd: rewritten } : null);
    expect(costOf(after?.told.shares ?? [], 'rewritten-input', {})).toBe(rewritten);
  });

  test.each([
    ['kept', false],
    ['lost', true],
  ])('a compaction, the cache %s', async (_, isLost) => {
    const box = open();
    const cache = new CountingCache();
    const step = (...content: Block[]): Step => answer(content, { usage: cache.count });
    const args = withServer(box);
    const one = await box.run({ main: [step(give(40_000)), step(say('One.'))] }, { args });
    const resume = ['--resume', one.result.session_id, ...args];
    const text = 'It was given forty thousand characters of text. '.repeat(200).trim();
    const summary = step(say(`<analysis>Short.</analysis><summary>${text}</summary>`));
    await box.run({ main: [summary] }, { args: resume, prompt: '/compact' });
    if (isLost) cache.forget();
    const steps = [step(bash('echo two')), step(say('Two.'))];
    await box.run({ main: steps }, { args: resume, prompt: 'Go on.' });
    const { calls } = await accountOf(box);
    // The call that made the summary is in no transcript.
    expect(calls).toHaveLength(box.calls.length - 1);
    const [, , after, next] = calls;
    const base = tokensIn((after?.segments ?? []).slice(0, 2));
    const shown = (after?.segments ?? []).filter((segment) => segment.text.includes(text));
    const { miss = null, rewrittenTokens, carriedTokens } = after?.told.outcome ?? {};
    const told = costOf(after?.told.shares ?? [], 'new-input', { cause: 'summary' });
    console.log(
      `${version}: system and tools ${base} tokens, told ${carriedTokens}, rewritten ${rewrittenTokens}; ` +
        `the summary ${tokensIn(shown)} tokens, told ${told / RATE.write5m}; ${JSON.stringify(miss)}`,
    );
    // Nothing that was read before is carried on.
    const id = calls[0]?.served.tools[0]?.id ?? '';
    const later = [after, next].flatMap((one) => one?.told.shares ?? []);
    expect(later.filter(({ detail }) => detail === id)).toEqual([]);
    expect(isNear(carriedTokens ?? 0, base, 0.02)).toBe(true);
    expect(isNear(told, tokensIn(shown) * RATE.write5m, 0.1)).toBe(true);
    expect(miss?.reason ?? null).toBe(isLost ? 'compaction' : null);
    const due = isLost ? (rewrittenTokens ?? 0) * RATE.write5m : undefined;
    expect(miss?.costNanoUsd).toBe(due);
  });

  test('everything at once: parallel tools, subagents, files, forks', async () => {
    const box = open();
    const { count } = new CountingCache();
    const step = (...content: Block[]): Step => answer(content, { usage: count });
    const args = withServer(box);
    const file_path = `${box.project}/a.txt`;
    writeFileSync(file_path, 'Some text in a file.\n'.repeat(50));
    const main = [
      step(say('Looking.'), bash('ls'), give(5000), call('Read', { file_path })),
      step(startAgent('helper'), startAgent('other')),
      // Later clients are told of each subagent when it has ended.
      ...['One.', 'Two.', 'Three.'].map((text) => step(say(text))),
    ];
    const helper = [step(give(3000)), step(say('Helped.'))];
    const other = [step(bash('false', 'failed')), step(say('It failed.'))];
    const one = await box.run({ main, helper, other }, { args, prompt: 'Look at @a.txt.' });
    const fork = ['--resume', one.result.session_id, '--fork-session', ...args];
    await box.run({ main: [step(bash('echo fork')), step(say('Forked.'))] }, { args: fork });
    const { calls } = await accountOf(box);
    expect(calls).toHaveLength(box.calls.length);
    const told = calls.flatMap(({ told: { shares } }) => shares);
    const all = told.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
    const unknown = told
      .filter(({ cause }) => cause === '(unattributed)')
      .reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);

    console.log(
      `${version}: (unattributed) ${((unknown / all) * 100).toFixed(2)} % of a session with everything`,
    );
    expect(unknown / all).toBeLessThan(0.02);
  });
});

/** Within the rounding of tokens. */
function expectTokens(costNanoUsd: number, tokens: number, rate: number): void {
  expect(Math.abs(costNanoUsd - tokens * rate)).toBeLessThanOrEqual(rate);
}

function isNear(told: number, due: number, share: number): boolean {
  return Math.abs(told - due) <= due * share;
}

/** Lets all that is in the transcripts have happened so much earlier. */
function setBack(box: Sandbox, byMs: number): void {
  const names = readdirSync(box.projects, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((one) => one.endsWith('.jsonl'))) {
    const path = join(box.projects, name);
    const text = readFileSync(path, 'utf8').replace(
      /"timestamp":"([^"]+)"/g,
      (_, at: string) => `"timestamp":"${new Date(Date.parse(at) - byMs).toISOString()}"`,
    );
    writeFileSync(path, text);
  }
}
