import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fc } from './fast-check.ts';

/** A transcript line before it is serialized. */
export type Line = Record<string, unknown>;

const START_MS = Date.UTC(2026, 10, 20, 12);

export interface RequestFacts {
  session: string;
  message?: string | null;
  request?: string | null;
  uuid?: string;
  at?: number;
  model?: string;
  input?: number;
  output?: number;
  read?: number;
  write5m?: number;
  write1h?: number;
  stop?: string | null;
  agent?: string | null;
  owner?: string;
  tools?: { id: string; name: string }[];
  /** The blocks of the response, instead of `tools`. */
  content?: Line[];
  parent?: string | null;
  thinkingTokens?: number | null;
}

/** An assistant line as Claude Code writes it; `at` counts seconds. */
export function assistantLine(facts: RequestFacts): Line {
  const { write5m = 0, write1h = 0 } = facts;
  return {
    type: 'assistant',
    uuid: facts.uuid ?? `u-${facts.message}-${facts.at}`,
    parentUuid: facts.parent ?? null,
    sessionId: facts.session,
    timestamp: time(facts.at ?? 0),
    isSidechain: facts.agent != null,
    ...(facts.agent == null ? {} : { agentId: facts.agent, attributionAgent: 'general-purpose' }),
    ...(facts.owner === undefined ? {} : { requestSessionId: facts.owner }),
    ...(facts.request == null ? {} : { requestId: facts.request }),
    version: '2.1.330',
    cwd: '/home/user/project',
    gitBranch: 'main',
    message: {
      ...(facts.message == null ? {} : { id: facts.message }),
      role: 'assistant',
      model: facts.model ?? 'claude-opus-4-8',
      stop_reason: facts.stop === undefined ? 'end_turn' : facts.stop,
      content:
        facts.content ??
        (facts.tools ?? []).map((tool) => ({ type: 'tool_use', input: {}, ...tool })),
      usage: {
        input_tokens: facts.input ?? 10,
        output_tokens: facts.output ?? 100,
        cache_read_input_tokens: facts.read ?? 0,
        cache_creation_input_tokens: write5m + write1h,
        cache_creation: { ephemeral_5m_input_tokens: write5m, ephemeral_1h_input_tokens: write1h },
        service_tier: 'standard',
        ...(facts.thinkingTokens == null
          ? {}
          : { output_tokens_details: { thinking_tokens: facts.thinkingTokens } }),
      },
    },
  };
}

export function promptLine(session: string, at: number, promptId: string): Line {
  return {
    type: 'user',
    uuid: `p-${promptId}`,
    parentUuid: null,
    sessionId: session,
    promptId,
    timestamp: time(at),
    isSidechain: false,
    message: { role: 'user', content: 'hello' },
  };
}

/** A subagent's line repeated inside the main transcript. */
export function progressLine(session: string, agent: string, inner: Line, at: number): Line {
  return {
    type: 'progress',
    sessionId: session,
    timestamp: time(at),
    uuid: `g-${agent}-${at}`,
    data: { type: 'agent_progress', agentId: agent, message: inner },
  };
}

export function time(at: number): string {
  return new Date(START_MS + at * 1000).toISOString();
}

export function textOf(lines: Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Writes transcripts to their paths below a folder. */
export function writeTree(folder: string, tree: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(tree)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

const count = fc.integer({ min: 0, max: 5000 });

/** One request of a session, with the partial lines that a slow stream leaves. */
const requestArbitrary = fc.record({
  hasMessage: fc.integer({ min: 0, max: 9 }).map((chance) => chance > 0),
  request: fc.option(fc.constantFrom('r1', 'r2'), { freq: 5 }),
  /** In a subagent's file: the request of the main thread whose message id it repeats. */
  repeats: fc.option(fc.integer({ min: 0, max: 5 })),
  model: fc.constantFrom('claude-opus-4-8', 'claude-haiku-5-5', 'claude-zephyr-9'),
  partials: fc.integer({ min: 0, max: 2 }),
  input: count,
  output: count,
  read: count,
  write5m: count,
  write1h: count,
  hasTool: fc.boolean(),
});

function linesOf(
  request: typeof requestArbitrary extends fc.Arbitrary<infer T> ? T : never,
  place: { session: string; agent: string | null; index: number; at: number },
): Line[] {
  const { partials, hasTool, hasMessage, repeats, ...facts } = request;
  const name = `${place.session}-${place.agent}-${place.index}`;
  // Message ids are unique, except where a subagent's file repeats its main thread.
  const isRepeat = place.agent !== null && repeats !== null;
  const message = isRepeat ? `m-${place.session}-null-${repeats}` : hasMessage ? `m-${name}` : null;
  const base = { ...facts, message, session: place.session, agent: place.agent };
  const lines = Array.from({ length: partials }, (_, part) =>
    assistantLine({
      ...base,
      uuid: `u-${name}-${part}`,
      at: place.at + part,
      output: 1,
      stop: null,
    }),
  );
  const tools = hasTool ? [{ id: `t-${name}`, name: 'Bash' }] : [];
  lines.push(assistantLine({ ...base, uuid: `u-${name}`, at: place.at + partials, tools }));
  return lines;
}

/**
 * Trees of two related sessions: subagents, copies inside progress lines, replays of the main
 * thread in a subagent's file, forks that rewrite the session, name the owner or keep the old id.
 */
export const treeArbitrary: fc.Arbitrary<Record<string, string>> = fc
  .record({
    main: fc.array(requestArbitrary, { minLength: 1, maxLength: 6 }),
    side: fc.array(requestArbitrary, { maxLength: 4 }),
    fork: fc.array(requestArbitrary, { maxLength: 3 }),
    forkStyle: fc.constantFrom('rewritten', 'owned', 'kept'),
    copied: fc.integer({ min: 0, max: 6 }),
    replayed: fc.boolean(),
    progress: fc.boolean(),
  })
  .map(({ main, side, fork, forkStyle, copied, replayed, progress }) => {
    const mainLines = [
      promptLine('s-a', 0, 'p1'),
      ...main.flatMap((request, index) =>
        linesOf(request, { session: 's-a', agent: null, index, at: 10 + index * 10 }),
      ),
    ];
    const sideLines = side.flatMap((request, index) =>
      linesOf(request, { session: 's-a', agent: 'a1', index, at: 15 + index * 10 }),
    );
    if (progress) {
      mainLines.push(
        ...sideLines.map((line, index) => progressLine('s-a', 'a1', line, 100 + index)),
      );
    }
    if (replayed) {
      const replay = mainLines.filter((line) => line['type'] === 'assistant').slice(0, 2);
      sideLines.push(
        ...replay.map((line) => ({
          ...line,
          isSidechain: true,
          agentId: 'a1',
          requestId: 'replay',
        })),
      );
    }
    const copies = mainLines.slice(0, copied).map((line) => {
      if (forkStyle === 'kept') return line;
      const owner =
        forkStyle === 'owned' && line['type'] === 'assistant' ? { requestSessionId: 's-a' } : {};
      return { ...line, sessionId: 's-b', ...owner };
    });
    const forkLines = fork.flatMap((request, index) =>
      linesOf(request, { session: 's-b', agent: null, index: 50 + index, at: 300 + index * 10 }),
    );
    return {
      'p/s-a.jsonl': textOf(mainLines),
      'p/s-a/subagents/agent-a1.jsonl': textOf(sideLines),
      'p/s-b.jsonl': textOf([
        { type: 'queue-operation', sessionId: 's-b', timestamp: time(200) },
        ...copies,
        ...forkLines,
      ]),
    };
  });
