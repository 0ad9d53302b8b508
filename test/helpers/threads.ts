import { type Line, assistantLine, progressLine, textOf, time } from './transcripts.ts';
import { fc } from './fast-check.ts';

// Generates threads as attribution reads them: what enters a context between requests, and what requests write.

const size = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 60 }) },
  { weight: 1, arbitrary: fc.integer({ min: 500, max: 3000 }) },
);
const count = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 50 }),
  fc.integer({ min: 0, max: 200_000 }),
);

const TOOLS = ['Bash', 'Read', 'Skill', 'mcp__files__find', 'NoSuchTool'] as const;
const blockArbitrary = fc.record({
  kind: fc.constantFrom('text', 'thinking', 'sealed', 'tool', 'tool', 'server'),
  tool: fc.constantFrom(...TOOLS),
  size,
  resultSize: size,
  /** Whether the result comes before the message's last line, after it, or not at all. */
  result: fc.constantFrom('early', 'late', 'late', 'none'),
});
type Block = typeof blockArbitrary extends fc.Arbitrary<infer T> ? T : never;

const requestArbitrary = fc.record({
  type: fc.constant('request' as const),
  blocks: fc.array(blockArbitrary, { maxLength: 4 }),
  /** Lines that a slow stream leaves, without final counts. */
  isPartial: fc.boolean(),
  hasIds: fc.integer({ min: 0, max: 7 }).map((chance) => chance > 0),
  model: fc.constantFrom('claude-opus-4-8', 'claude-opus-4-8', 'claude-haiku-5-5', 'unheard-of-1'),
  input: count,
  output: count,
  read: count,
  write5m: count,
  write1h: count,
  thinkingTokens: fc.option(count, { freq: 4 }),
  pause: fc.constantFrom(1, 20, 400, 4000),
});
type Request = typeof requestArbitrary extends fc.Arbitrary<infer T> ? T : never;

const eventArbitrary = fc.oneof(
  { weight: 8, arbitrary: requestArbitrary },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('prompt' as const), size }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('file', 'skill_listing', 'hook_additional_context', 'queued_command'),
      size,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('compaction' as const), size }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('torn' as const), size }) },
  /** A line that is written twice. */
  { weight: 1, arbitrary: fc.record({ type: fc.constant('again' as const), size }) },
);
const thread = (maxLength: number) => fc.array(eventArbitrary, { maxLength });
type Event = typeof eventArbitrary extends fc.Arbitrary<infer T> ? T : never;

interface Place {
  session: string;
  agent: string | null;
  /** Makes the uuids and message ids of threads distinct. */
  name: string;
  startAt: number;
}

/** Writes the lines of one thread; an incomplete line is a string. */
class ThreadWriter {
  readonly lines: (Line | string)[] = [];
  readonly #place: Place;
  #serial = 0;
  #at: number;
  #parent: string | null = null;

  constructor(place: Place) {
    this.#place = place;
    this.#at = place.startAt;
  }

  write(events: Event[]): (Line | string)[] {
    for (const event of events) this.#write(event);
    return this.lines;
  }

  #write(event: Event): void {
    switch (event.type) {
      case 'request':
        return this.#request(event);
      case 'prompt':
        return this.#user(filler(event.size));
      case 'compaction':
        this.#parent = null;
        this.#add({ type: 'system', subtype: 'compact_boundary', content: 'Compacted' });
        return this.#user(filler(event.size), { isCompactSummary: true });
      case 'torn':
        this.lines.push(`{"parentUuid":null,"type":"assistant","mess${filler(event.size)}`);
        return;
      case 'again': {
        const line = this.lines[event.size % Math.max(1, this.lines.length)];
        if (line !== undefined) this.lines.push(line);
        return;
      }
      default:
        this.#add({ type: 'attachment', attachment: attachment(event.type, event.size) });
    }
  }

  #request({ blocks, hasIds, isPartial, pause, output, ...counts }: Request): void {
    this.#at += pause;
    const { session, agent } = this.#place;
    const message = hasIds ? `m-${this.#place.name}-${++this.#serial}` : null;
    const late: Line[][] = [];
    const written = blocks.length === 0 ? [null] : blocks;
    written.forEach((block, index) => {
      const id = `t-${this.#place.name}-${++this.#serial}`;
      const uuid = this.#uuid();
      const isLast = index === written.length - 1;
      const line = assistantLine({
        ...counts,
        session,
        agent,
        message,
        request: message === null ? null : `r-${message}`,
        uuid,
        parent: this.#parent,
        at: this.#at,
        content: block === null ? [] : [wireBlock(block, id)],
        output: isPartial && !isLast ? 1 : output,
        stop: isPartial && !isLast ? null : 'end_turn',
      });
      this.lines.push(line);
      this.#parent = uuid;
      if (block?.kind !== 'tool' || block.result === 'none') return;
      const result = [{ type: 'tool_result', tool_use_id: id, content: filler(block.resultSize) }];
      if (block.result === 'early') this.#user(result);
      else late.push(result);
    });
    for (const result of late) this.#user(result);
  }

  #user(content: unknown, rest: Line = {}): void {
    this.#add({ type: 'user', message: { role: 'user', content }, ...rest });
  }

  #add(line: Line): void {
    const { session, agent } = this.#place;
    const uuid = this.#uuid();
    this.lines.push({
      uuid,
      parentUuid: this.#parent,
      sessionId: session,
      timestamp: time(this.#at),
      isSidechain: agent !== null,
      ...(agent === null ? {} : { agentId: agent }),
      ...line,
    });
    this.#parent = uuid;
  }

  /** Its start is unique, as in real ones. */
  #uuid(): string {
    const serial = ++this.#serial;
    let hash = 0;
    for (const char of `${this.#place.name}-${serial}`) {
      hash = (Math.imul(hash ^ (char.codePointAt(0) ?? 0), 2654435761) + 12345) >>> 0;
    }
    return `${hash.toString(16).padStart(8, '0')}-${this.#place.name}-${serial}`;
  }
}

/** A text of `chars` characters, some of them with several bytes. */
function filler(chars: number): string {
  return 'Wörter über 日本 '.repeat(Math.ceil(chars / 15)).slice(0, chars);
}

function wireBlock({ kind, tool, size }: Block, id: string): Line {
  const text = filler(size);
  switch (kind) {
    case 'text':
      return { type: 'text', text };
    case 'thinking':
      return { type: 'thinking', thinking: text, signature: 'c2lnbmVk' };
    case 'sealed':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'server':
      return { type: 'server_tool_use', id, name: 'web_search', input: { query: text } };
    case 'tool': {
      const input = tool === 'Bash' ? { command: `ls ${text}` } : { file_path: '/a.txt', text };
      return { type: 'tool_use', id, name: tool, input };
    }
  }
}

function attachment(type: string, chars: number): Line {
  const content = filler(chars);
  if (type === 'file') return { type, filename: `/f${chars % 3}.md`, content };
  return type === 'queued_command' ? { type, prompt: content } : { type, content };
}

function jsonLines(lines: (Line | string)[]): string {
  return lines.map((line) => (typeof line === 'string' ? `${line}\n` : textOf([line]))).join('');
}

/** The name of the forked session, and the way in which a client writes forks. */
function copied(lines: (Line | string)[], style: string): (Line | string)[] {
  return lines.map((line) => {
    if (typeof line === 'string' || style === 'kept') return line;
    const isOwned = style === 'owned' && line['type'] === 'assistant';
    return { ...line, sessionId: 's-b', ...(isOwned ? { requestSessionId: 's-a' } : {}) };
  });
}

/** A main thread with its subagents in every place where clients write them, and a fork of it. */
export const threadsArbitrary: fc.Arbitrary<Record<string, string>> = fc
  .record({
    main: thread(10),
    goesOn: thread(4),
    side: thread(5),
    sideIs: fc.constantFrom(
      'file',
      'old-file',
      'inline',
      'unnamed',
      'progress',
      'progress-and-file',
    ),
    /** Lines of the main thread that the subagent's file repeats under other request ids. */
    replays: fc.constantFrom(0, 0, 4),
    fork: thread(4),
    forkStyle: fc.constantFrom('rewritten', 'owned', 'kept'),
    copies: fc.nat(20),
    /** How much of the fork's start is missing: a session that was resumed halfway. */
    lost: fc.constantFrom(0, 0, 2),
  })
  .map(({ main, goesOn, side, sideIs, replays, fork, forkStyle, copies, lost }) => {
    const mainWriter = new ThreadWriter({ session: 's-a', agent: null, name: 'a', startAt: 0 });
    mainWriter.write(main);
    const before = mainWriter.lines.length;
    mainWriter.write(goesOn);
    const sideLines = new ThreadWriter({
      session: 's-a',
      agent: 'a1',
      name: 'sa',
      startAt: 5,
    }).write(side);
    const isInMain = sideIs !== 'file' && sideIs !== 'old-file';
    const inMain = isInMain ? sideLines.map((line, index) => inlined(line, sideIs, index)) : [];
    const { lines } = mainWriter;
    const all = [...lines.slice(0, before), ...inMain, ...lines.slice(before)];
    const forkWriter = new ThreadWriter({ session: 's-b', agent: null, name: 'b', startAt: 9000 });
    const tree: Record<string, string> = {
      'p/s-a.jsonl': jsonLines(all),
      'p/s-b.jsonl': jsonLines([
        ...copied(all.slice(lost, copies), forkStyle),
        ...forkWriter.write(fork),
      ]),
    };
    const ownFile = jsonLines([...replayed(lines.slice(0, replays)), ...sideLines]);
    if (sideIs === 'file' || sideIs === 'progress-and-file') {
      tree['p/s-a/subagents/agent-a1.jsonl'] = ownFile;
    }
    if (sideIs === 'old-file') tree['p/agent-a1.jsonl'] = ownFile;
    return tree;
  });

/** Lines of the main thread as a subagent's file repeats them. */
function replayed(lines: (Line | string)[]): (Line | string)[] {
  return lines.map((line) => {
    if (typeof line === 'string') return line;
    const isRequest = line['requestId'] !== undefined;
    const request = isRequest ? { requestId: `replay-${String(line['requestId'])}` } : {};
    return { ...line, isSidechain: true, agentId: 'a1', ...request };
  });
}

/** A subagent's line as it appears in the main transcript. */
function inlined(line: Line | string, style: string, index: number): Line | string {
  if (typeof line === 'string') return line;
  if (style === 'inline') return line;
  if (style === 'unnamed') {
    const { agentId: _, attributionAgent: __, ...unnamed } = line;
    return unnamed;
  }
  return progressLine('s-a', 'a1', line, 100 + index);
}
