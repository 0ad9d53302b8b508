import { PIECE_KINDS } from '../attribution/step.ts';
import { Tracer } from '../attribution/trace.ts';
import type { RecordSource } from '../record/cost-record.ts';
import type {
  AuxiliaryRequestEntry,
  ClientTotalEntry,
  Entry,
  LineOrigin,
  RequestEntry,
  UserEntry,
} from '../transcript/entry.ts';
import { requestIdentity } from '../record/identity.ts';
import { type ThreadContext, type ThreadState, followInlineThread } from '../transcript/thread.ts';
import { noteAgent } from './agents.ts';
import { emptyExtraction } from './extraction.ts';
import { type LineTime, isBelievableTime } from './line-time.ts';
import { addRequestLine, addToolUses } from './request-lines.ts';

/**
 * Turns the lines of one transcript, in file order, into records. Pure except for `state`, which it updates
 * line by line. Total: no entry makes it throw.
 */
export class Extractor {
  readonly extraction = emptyExtraction();
  readonly #state: ThreadState;
  readonly #context: ThreadContext;
  readonly #file: { context: ThreadContext; source: RecordSource };
  readonly #tracer: Tracer;

  constructor(state: ThreadState, context: ThreadContext, source: RecordSource) {
    this.#state = state;
    this.#context = context;
    this.#file = { context, source };
    this.#tracer = new Tracer(state.trace, context.agentId ?? '', this.extraction.steps);
    const { kind, fileSessionId, agentId } = context;
    if (kind === 'sidechain' && agentId !== null) {
      noteAgent(this.extraction.agents, fileSessionId, agentId, context);
    }
  }

  add(entry: Entry): void {
    if (entry.type === 'unreadable') {
      this.#tracer.enter('', [[PIECE_KINDS.unreadable, '', entry.chars]]);
      return;
    }
    if (!this.#isInline(entry)) this.#tracer.begin(entry.uuid, entry.parentUuid);
    const sessionId = entry.sessionId ?? this.#context.fileSessionId;
    const time = this.#getTime(entry);
    const { atMs } = time;
    entry.cwd ??= this.#state.lastCwd;
    this.#state.lastCwd = entry.cwd;
    this.#noteBirth(entry, sessionId);
    switch (entry.type) {
      case 'request':
        this.#addRequest(entry, sessionId, time);
        break;
      case 'user':
        this.#addUser(entry, sessionId);
        break;
      case 'client-total':
        this.#addClientTotal(entry, sessionId);
        break;
      case 'pull-request':
        this.extraction.pullRequests.push({ sessionId, name: entry.name, linkedAtMs: atMs });
        break;
      case 'auxiliary':
        this.#addAuxiliary(entry, sessionId, atMs);
        break;
      case 'other':
        this.#tracer.enter(this.#findThread(entry), entry.pieces);
        break;
    }
  }

  /** A subagent's line in a main transcript. */
  #isInline({ isAgentThread }: LineOrigin): boolean {
    return isAgentThread && this.#context.kind === 'main';
  }

  #findThread(entry: LineOrigin): string {
    return this.#isInline(entry) ? inlineThread(this.#findInlineAgent(entry)) : '';
  }

  /** A line can't be from after its arrival; it then dates no other line. */
  #getTime(entry: LineOrigin): LineTime {
    if (!this.#isBelievable(entry)) {
      return { atMs: this.#context.arrivedAtMs, statedAtMs: entry.atMs };
    }
    const atMs = entry.atMs ?? this.#state.lastAtMs ?? this.#context.fallbackAtMs;
    if (entry.atMs !== null) this.#state.lastAtMs = entry.atMs;
    return { atMs, statedAtMs: null };
  }

  #isBelievable({ atMs }: LineOrigin): boolean {
    return atMs === null || isBelievableTime(atMs, this.#context.arrivedAtMs);
  }

  /**
   * A session is born at the first line with a believable timestamp of its main transcript, in file order.
   */
  #noteBirth(entry: LineOrigin, sessionId: string): void {
    if (this.#context.kind !== 'main' || entry.atMs === null) return;
    if (this.#state.bornSessionIds.includes(sessionId) || !this.#isBelievable(entry)) return;
    this.#state.bornSessionIds.push(sessionId);
    this.extraction.births.push({ sessionId, bornAtMs: entry.atMs });
  }

  #addRequest(entry: RequestEntry, sessionId: string, time: LineTime): void {
    const isAgentThread = entry.isAgentThread || this.#context.kind === 'sidechain';
    const agentId = isAgentThread ? this.#findAgent(entry) : null;
    const owner = entry.ownerSessionId ?? sessionId;
    if (owner !== sessionId) this.extraction.parents.set(sessionId, owner);
    if (agentId !== null) {
      noteAgent(this.extraction.agents, owner, agentId, {
        agentType: entry.agentType,
        parentAgentId: this.#context.parentAgentId,
        spawnToolUseId: entry.spawnToolUseId,
      });
    }
    const id = requestIdentity(entry, entry.parsed.usage, owner, () => {
      const { inputTokens, outputTokens, cacheReadTokens } = entry.parsed.usage;
      // What the line says: when it arrived is not part of what it is.
      const statedAtMs = entry.atMs ?? this.#state.lastAtMs ?? '';
      return `${statedAtMs}:${entry.model}:${inputTokens}:${outputTokens}:${cacheReadTokens}`;
    });
    const isInline = this.#isInline(entry);
    const thread = isInline ? inlineThread(agentId) : '';
    this.#tracer.request(thread, id, entry.pieces, entry.thinkingTokens);
    const line = { id, owner, agentId, isAgentThread, promptId: this.#state.promptId, ...time };
    addRequestLine(this.extraction.records, entry, line, this.#file);
    addToolUses(this.extraction.toolUses, entry, line);
    if (!isInline) this.#noteTurn(entry);
  }

  #noteTurn({ messageId, toolCalls }: RequestEntry): void {
    const isSameMessage = messageId !== null && messageId === this.#state.lastMessageId;
    this.#state.isTurnOpen = toolCalls.length > 0 || (isSameMessage && this.#state.isTurnOpen);
    this.#state.lastMessageId = messageId;
  }

  #addUser(entry: UserEntry, sessionId: string): void {
    for (const { agentId, agentType, toolUseId, isFailed, durationMs } of entry.toolResults) {
      this.extraction.toolResults.push({ toolUseId, isFailed, durationMs });
      if (agentId === null) continue;
      const parentAgentId = this.#context.agentId;
      const facts = { agentType, parentAgentId, spawnToolUseId: toolUseId };
      noteAgent(this.extraction.agents, sessionId, agentId, facts);
    }
    this.#tracer.enter(this.#findThread(entry), entry.pieces);
    if (this.#isInline(entry)) return;
    this.#state.isTurnOpen = true;
    this.#state.lastMessageId = null;
    // A subagent works for the prompt it was started for, whatever is prompted meanwhile.
    if (this.#context.kind === 'sidechain') this.#state.promptId ??= entry.promptId;
    else if (entry.promptId !== null) this.#state.promptId = entry.promptId;
    else if (entry.isPrompt) this.#state.promptId = entry.uuid;
  }

  #addClientTotal(entry: ClientTotalEntry, sessionId: string): void {
    const { startedAtMs, elapsedMs } = entry;
    const isDated = entry.atMs !== null && this.#isBelievable(entry);
    const reportedAtMs = isDated ? entry.atMs : this.#state.lastAtMs;
    for (const total of entry.models) {
      this.extraction.clientTotals.push({
        sessionId,
        startedAtMs,
        elapsedMs,
        reportedAtMs,
        ...total,
      });
    }
  }

  #addAuxiliary(entry: AuxiliaryRequestEntry, sessionId: string, atMs: number): void {
    const { kind, key, requests } = entry;
    if (kind === 'compaction') this.#tracer.reset(this.#findThread(entry));
    this.extraction.asides.push({ sessionId, kind, key, requests, atMs });
  }

  #findAgent(entry: RequestEntry): string | null {
    if (entry.agentId !== null) return entry.agentId;
    if (this.#context.kind === 'sidechain') return this.#context.agentId;
    return this.#findInlineAgent(entry);
  }

  #findInlineAgent({ agentId, uuid, parentUuid }: LineOrigin): string | null {
    return agentId ?? followInlineThread(this.#state, uuid, parentUuid);
  }
}

/** The tracer's name for the thread of a subagent that is written inside another file. */
function inlineThread(agentId: string | null): string {
  return `@${agentId ?? ''}`;
}
