import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../home.ts';
import { type Run, cli } from './run.ts';
import { append, prompt, request, toolResult, transcriptPath } from '../lines.ts';

export const SHOP = '0a111111-0000-4000-8000-000000000001';
export const BLOG = '0b222222-0000-4000-8000-000000000002';

/**
 * Transcripts of two sessions in two projects, on three days of a user in Berlin. On 2026-10-25 summer time
 * ends at 01:00 UTC there, so this day begins at 22:00 and ends at 23:00 UTC.
 */
export function writeHistory(home: Home): { shop: string; blog: string } {
  const [shop, blog] = [join(home.folder, 'shop'), join(home.folder, 'blog')];
  for (const folder of [shop, blog]) mkdirSync(folder);
  const inShop = { session: SHOP, cwd: shop };
  const agent = { ...inShop, model: 'claude-haiku-4-5', agentId: 'a1', agentType: 'Explore' };
  const main = transcriptPath(home, SHOP, '-shop');
  append(
    main,
    prompt(SHOP, '2026-10-24T21:59:00.000Z'),
    // 17,500,000 nano-USD, in the last millisecond of the 24th.
    request({
      ...inShop,
      id: 'msg_a1',
      at: '2026-10-24T21:59:59.999Z',
      input: 1000,
      output: 200,
      read: 10_000,
      write5m: 400,
      tools: [
        ['call_1', 'Bash'],
        ['call_2', 'Read'],
      ],
    }),
    toolResult(SHOP, 'call_1', undefined, '2026-10-24T21:59:59.999Z'),
    // 27,550,000 nano-USD, in the first millisecond of the 25th.
    request({
      ...inShop,
      id: 'msg_a2',
      at: '2026-10-24T22:00:00.000Z',
      output: 300,
      write1h: 2000,
      tools: [['call_3', 'Agent']],
    }),
    toolResult(SHOP, 'call_3', 'a1', '2026-10-25T01:40:00.000Z'),
  );
  append(
    join(home.projects, '-shop', SHOP, 'subagents/agent-a1.jsonl'),
    // 350,000 and 320,000 nano-USD: at 02:30 local time, and an hour later at 02:30 again.
    request({
      ...agent,
      id: 'msg_a3',
      at: '2026-10-25T00:30:00.000Z',
      input: 100,
      output: 50,
      tools: [['call_4', 'Read']],
    }),
    request({ ...agent, id: 'msg_a4', at: '2026-10-25T01:30:00.000Z', input: 20, output: 60 }),
  );
  const inBlog = { session: BLOG, cwd: blog, branch: 'draft', version: '2.1.300' };
  append(
    transcriptPath(home, BLOG, '-blog'),
    prompt(BLOG, '2026-10-25T22:59:00.000Z'),
    // 20,900,000 nano-USD including two searches, in the last millisecond of the 25th.
    request({
      ...inBlog,
      id: 'msg_b1',
      at: '2026-10-25T22:59:59.999Z',
      model: 'claude-haiku-4-5',
      input: 500,
      output: 80,
      searches: 2,
      tools: [['call_5', 'mcp__docs__find']],
    }),
    // 260,000 nano-USD, in the first millisecond of the 26th.
    request({
      ...inBlog,
      id: 'msg_b2',
      at: '2026-10-25T23:00:00.000Z',
      input: 7,
      output: 9,
      isFinal: false,
      skill: 'proofread',
      tools: [['call_6', 'Write']],
    }),
  );
  return { shop, blog };
}

/** The total of all these requests. */
export const HISTORY_TOTALS = {
  requests: 6,
  inputTokens: 1637,
  outputTokens: 699,
  cacheReadTokens: 10_000,
  cacheWrite5mTokens: 400,
  cacheWrite1hTokens: 2000,
  webSearchRequests: 2,
  costNanoUsd: 66_880_000,
  costUsd: 0.06688,
  estimatedCostNanoUsd: 0,
  unpricedRequests: 0,
  incompleteRequests: 1,
};

export type Totals = typeof HISTORY_TOTALS;

export interface Document {
  schemaVersion: number;
  generatedAt: string;
  timezone: string;
  filters: Record<string, string>;
  totals: Totals;
  groups: (Totals & { key: Record<string, string | boolean | null> })[];
}

/** The document that a reporting command prints; fails on any other output. */
export function report<Kind = Document>(home: Home, ...args: string[]): Kind {
  const run: Run = cli(home, [...args, '--json']);
  if (run.status !== 0 || run.stderr !== '') throw new Error(JSON.stringify(run));
  return JSON.parse(run.stdout) as Kind;
}
