import { join } from 'node:path';
import type { Ledger } from '../../src/store/connection/open.ts';
import { type RequestFacts, append, prompt, request, toolResult } from './lines.ts';
import { importInto, temporaryFolder, temporaryLedger } from './ledger.ts';

/** Random numbers that are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const MODELS = ['claude-opus-4-5', 'claude-haiku-4-5', 'claude-sonnet-4-5', 'gpt-9', 'gpt-4o'];
const TOOLS = ['Bash', 'Read', 'Skill', 'mcp__docs__find', null];
const AGENTS = [null, null, 'Explore', 'general-purpose'];
const BRANCHES = ['main', 'feature/SHOP-12-basket', 'feature/SHOP-12-again', 'fix/BLOG-7', ''];
const SKILLS = [undefined, undefined, 'proofread'];

export interface HistoryOptions {
  seed: number;
  sessions: number;
  requests: number;
  /** Requests are made between these times. */
  fromMs: number;
  toMs: number;
}

/** A ledger with sessions of every kind, imported from transcripts. */
export function generatedLedger(options: HistoryOptions): Ledger {
  const folder = join(temporaryFolder(), 'projects');
  const next = numbers(options.seed);
  const pick = <Item>(list: readonly Item[]): Item => list[next(list.length)] as Item;
  for (let index = 0; index < options.sessions; index++) {
    const session = `session-${index}`;
    const cwd = `/home/user/project-${next(3)}`;
    const path = join(folder, `-project-${next(3)}`, `${session}.jsonl`);
    for (let line = 0; line < options.requests; line++) {
      const id = `msg_${index}_${line}`;
      const at = new Date(options.fromMs + next(options.toMs - options.fromMs)).toISOString();
      const agentType = pick(AGENTS);
      const tool = pick(TOOLS);
      const skill = pick(SKILLS);
      const facts: RequestFacts = {
        session,
        id,
        at,
        cwd,
        model: pick(MODELS),
        branch: pick(BRANCHES),
        version: `2.1.${next(3)}`,
        input: next(10_000),
        output: next(5000),
        read: next(100_000),
        write5m: next(5000),
        write1h: next(5000),
        searches: next(2),
        isFinal: next(10) > 0,
        ...(agentType === null ? {} : { agentId: `agent-${next(3)}`, agentType }),
        ...(skill === undefined ? {} : { skill }),
        ...(tool === null ? {} : { tools: [[`call_${id}`, tool]] as [string, string][] }),
      };
      if (next(4) === 0) append(path, prompt(session, at));
      append(path, request(facts), toolResult(session, `call_${id}`, undefined, at));
    }
  }
  const { db } = temporaryLedger();
  importInto(db, folder);
  return db;
}
