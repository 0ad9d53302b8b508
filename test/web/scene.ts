import type { Home } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { append, transcriptPath } from '../helpers/lines.ts';

/** Numbers that are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PROJECTS = ['shop', 'billing-api', 'docs-site'];
const BRANCHES = ['main', 'feature/SHOP-12-basket', 'fix/API-7-rounding', 'feature/DOCS-3-search'];
const AGENTS = ['Explore', 'general-purpose', 'code-reviewer'];
const TOOLS: [name: string, input: object, resultSize: number][] = [
  ['Read', { file_path: '/home/user/shop/src/basket.ts' }, 9000],
  ['Bash', { command: 'npm test' }, 4000],
  ['Grep', { pattern: 'total' }, 1500],
  ['Edit', { file_path: '/home/user/shop/src/basket.ts', old_string: 'a', new_string: 'b' }, 600],
  ['Glob', { pattern: '**/*.ts' }, 900],
  ['WebFetch', { url: 'https://example.org' }, 6000],
  ['mcp__issues__search', { query: 'rounding' }, 3000],
];

export interface SceneOptions {
  seed?: number;
  sessions: number;
  /** Requests of a session, about. */
  requests: number;
  /** The sessions begin within so many days before now. */
  days: number;
}

/** A name that a page must show as it is. */
export const HOSTILE = `<img src=x onerror="window.hacked=1">'"&{{7*7}}`;

export function sessionId(index: number): string {
  return `${index.toString(16).padStart(8, '0')}-5e55-4000-8000-000000000000`;
}

/** Sessions as people work: prompts, tool calls, results of some size, a context that grows, subagents. */
export function writeSessions(home: Home, options: SceneOptions): void {
  const next = numbers(options.seed ?? 7);
  const pick = <Item>(list: readonly Item[]): Item => list.at(next(list.length)) as Item;
  const now = Date.now();
  for (let index = 0; index < options.sessions; index++) {
    const id = sessionId(index);
    const project = pick(PROJECTS);
    // More of them lately, and none of the future.
    const age = (next(1000) / 1000) ** 2 * options.days * 86_400_000;
    const length = 1 + next(options.requests * 2);
    const startMs = now - age - length * 40_000;
    writeSession(home, { id, project, startMs, length, branch: pick(BRANCHES), next, pick });
  }
}

interface Session {
  id: string;
  project: string;
  startMs: number;
  length: number;
  branch: string;
  next: (below: number) => number;
  pick: <Item>(list: readonly Item[]) => Item;
}

function writeSession(home: Home, session: Session): void {
  const { id, project, startMs, length, branch, next, pick } = session;
  const cwd = `/home/user/${project}`;
  const model = pick(['claude-opus-4-8', 'claude-opus-4-8', 'claude-sonnet-5']);
  const path = transcriptPath(home, id, `-home-user-${project}`);
  const base = { sessionId: id, version: '2.1.330', cwd, gitBranch: branch };
  const lines: string[] = [];
  const agents = new Map<string, string[]>();
  let context = 18_000;
  let promptId = '';
  let parent: string | null = null;
  for (let step = 0; step < length; step++) {
    const at = new Date(startMs + step * 40_000 + next(20_000)).toISOString();
    if (step === 0 || next(6) === 0) {
      promptId = `${id}-p${step}`;
      lines.push(
        JSON.stringify({
          ...base,
          type: 'user',
          uuid: `${promptId}-u`,
          parentUuid: parent,
          promptId,
          timestamp: at,
          isSidechain: false,
          message: { role: 'user', content: 'Please look into the basket. '.repeat(1 + next(20)) },
        }),
      );
      parent = `${promptId}-u`;
      context += 200;
    }
    const [tool, input, size] = pick(TOOLS);
    const request = `${id.slice(0, 8)}_${step}`;
    const isSide = next(5) === 0;
    const agentType = isSide ? pick(AGENTS) : null;
    const agentId = isSide ? `a${id.slice(4, 8)}${next(3)}` : undefined;
    const entered = next(3000) + 300;
    const usage = {
      input_tokens: 5 + next(20),
      output_tokens: 200 + next(1800),
      cache_read_input_tokens: isSide ? 12_000 : context,
      cache_creation_input_tokens: entered,
      cache_creation: { ephemeral_5m_input_tokens: entered, ephemeral_1h_input_tokens: 0 },
    };
    const uuid = `${request}-a`;
    const line = JSON.stringify({
      ...base,
      type: 'assistant',
      uuid,
      parentUuid: isSide ? null : parent,
      promptId,
      timestamp: at,
      isSidechain: isSide,
      agentId,
      attributionAgent: agentType ?? undefined,
      requestId: `req_${request}`,
      message: {
        id: `msg_${request}`,
        role: 'assistant',
        model: isSide ? 'claude-haiku-4-5' : model,
        stop_reason: 'tool_use',
        content: [
          { type: 'text', text: 'I look at it. '.repeat(1 + next(30)) },
          { type: 'tool_use', id: `toolu_${request}`, name: tool, input },
        ],
        usage,
      },
    });
    const result = JSON.stringify({
      ...base,
      type: 'user',
      uuid: `${request}-r`,
      parentUuid: uuid,
      promptId,
      timestamp: at,
      isSidechain: isSide,
      agentId,
      message: {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: `toolu_${request}`,
            content: 'line of text '.repeat(1 + Math.floor(next(size) / 13)),
          },
        ],
      },
    });
    if (agentId === undefined) {
      lines.push(line, result);
      parent = `${request}-r`;
      context += entered;
    } else {
      agents.set(agentId, [...(agents.get(agentId) ?? []), line, result]);
    }
  }
  append(path, ...lines);
  for (const [agentId, own] of agents) {
    append(path.replace('.jsonl', `/subagents/agent-${agentId}.jsonl`), ...own);
  }
}

/** Has the command line read all that was written. */
export function readIn(home: Home): void {
  const { status, stderr } = cli(home, ['import']);
  if (status !== 0) throw new Error(stderr);
}
