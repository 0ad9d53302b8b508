import { type RecordDraft, type RecordSource, callsFirst, mergeDrafts } from './cost-record.ts';
import type {
  AsideEntry,
  AsideKind,
  ClientModelTotal,
  ClientTotalEntry,
  Entry,
  LineOrigin,
  RequestEntry,
  UserEntry,
} from './entry.ts';
import { PIECE_KINDS, type StepDraft } from './attribute/step.ts';
import { Tracer } from './attribute/trace.ts';
import { requestIdentity, sideIdentity } from './identity.ts';
import { isRepeated } from './repeated-line.ts';
import { type ThreadContext, type ThreadState, followInlineThread } from './thread.ts';
import type { SideRequest } from './usage.ts';

/** A tool call of a request of this extraction. */
export interface ToolUseDraft {
  recordId: string;
  toolUseId: string;
  name: string;
  mcpServer: string | null;
  skill: string | null;
  plugin: string | null;
  filePath: string | null;
  commandWord: string | null;
  calledAtMs: number;
}

export interface ToolResultDraft {
  toolUseId: string;
  isFailed: boolean;
  durationMs: number | null;
}

/** Who a subagent is: its type, what started it, and on whose behalf. */
export interface AgentDraft {
  sessionId: string;
  agentId: string;
  agentType: string | null;
  parentAgentId: string | null;
  spawnToolUseId: string | null;
}

export interface ClientTotalDraft extends ClientModelTotal {
  sessionId: string;
  startedAtMs: number;
  /** Of all runs of the counter: pauses between them do not count. */
  elapsedMs: number;
  /** Time of the last line before it that has one; null where there is none. */
  saidAtMs: number | null;
}

/** Requests of the client's own that a line shows without their usage. */
export interface AsideDraft {
  sessionId: string;
  kind: AsideKind;
  key: string;
  requests: number;
  atMs: number;
}

/** What a stretch of one transcript says, ready to be written. */
export interface Extraction {
  records: Map<string, RecordDraft>;
  toolUses: ToolUseDraft[];
  toolResults: ToolResultDraft[];
  births: { sessionId: string; bornAtMs: number }[];
  /** Forks, each with the session that its copied lines last name: the one it was forked from. */
  parents: Map<string, string>;
  agents: Map<string, AgentDraft>;
  clientTotals: ClientTotalDraft[];
  /** Requests by what entered their contexts and what they wrote. */
  steps: StepDraft[];
  pullRequests: { sessionId: string; name: string; linkedAtMs: number }[];
  asides: AsideDraft[];
}

export function emptyExtraction(): Extraction {
  return {
    records: new Map(),
    toolUses: [],
    toolResults: [],
    births: [],
    parents: new Map(),
    agents: new Map(),
    clientTotals: [],
    steps: [],
    pullRequests: [],
    asides: [],
  };
}

/**
 * Turns the lines of one transcript, in file order, into records. Pure but for `state`, which it
 * carries from line to line; total: no entry makes it throw.
 */
export class Extractor {
  readonly extraction = emptyExtraction();
  readonly #state: ThreadState;
  readonly #context: ThreadContext;
  readonly #source: RecordSource;
  readonly #tracer: Tracer;

  constructor(state: ThreadState, context: ThreadContext, source: RecordSource) {
    this.#state = state;
    this.#context = context;
    this.#source = source;
    this.#tracer = new Tracer(state.trace, context.agentId ?? '', this.extraction.steps);
    const { kind, fileSessionId, agentId } = context;
    if (kind === 'sidechain' && agentId !== null) this.#addAgent(fileSessionId, agentId, context);
  }

  add(entry: Entry): void {
    if (entry.type === 'unreadable') {
      this.#tracer.enter('', [[PIECE_KINDS.unreadable, '', entry.chars]]);
      return;
    }
    if (!this.#isInline(entry)) this.#tracer.begin(entry.uuid, entry.parentUuid);
    const sessionId = entry.sessionId ?? this.#context.fileSessionId;
    const atMs = this.#timeOf(entry);
    this.#noteBirth(entry, sessionId);
    switch (entry.type) {
      case 'request':
        this.#addRequest(entry, sessionId, atMs);
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
      case 'aside':
        if (entry.kind === 'compaction') this.#tracer.reset(this.#threadOf(entry));
        this.#addAside(entry, sessionId, atMs);
        break;
      case 'other':
        this.#tracer.enter(this.#threadOf(entry), entry.pieces);
        break;
    }
  }

  /** A subagent's line in a main transcript. */
  #isInline({ isAgentThread }: LineOrigin): boolean {
    return isAgentThread && this.#context.kind === 'main';
  }

  #threadOf(entry: LineOrigin): string {
    return this.#isInline(entry) ? inlineThread(this.#inlineAgentOf(entry)) : '';
  }

  #timeOf(entry: LineOrigin): number {
    const atMs = entry.atMs ?? this.#state.lastAtMs ?? this.#context.fallbackAtMs;
    if (entry.atMs !== null) this.#state.lastAtMs = entry.atMs;
    return atMs;
  }

  /** A session is born with its first timestamped line of its main transcript, in file order. */
  #noteBirth(entry: LineOrigin, sessionId: string): void {
    if (this.#context.kind !== 'main' || entry.atMs === null) return;
    if (this.#state.bornSessionIds.includes(sessionId)) return;
    this.#state.bornSessionIds.push(sessionId);
    this.extraction.births.push({ sessionId, bornAtMs: entry.atMs });
  }

  #addRequest(entry: RequestEntry, sessionId: string, atMs: number): void {
    const isAgentThread = entry.isAgentThread || this.#context.kind === 'sidechain';
    const agentId = isAgentThread ? this.#agentOf(entry) : null;
    const owner = entry.ownerSessionId ?? sessionId;
    if (owner !== sessionId) this.extraction.parents.set(sessionId, owner);
    if (agentId !== null) {
      const parentAgentId = this.#context.parentAgentId;
      this.#addAgent(owner, agentId, {
        agentType: entry.agentType,
        parentAgentId,
        spawnToolUseId: entry.spawnToolUseId,
      });
    }
    const id = requestIdentity(entry, owner, () => {
      const { inputTokens, outputTokens, cacheReadTokens } = entry.parsed.usage;
      return `${atMs}:${entry.model}:${inputTokens}:${outputTokens}:${cacheReadTokens}`;
    });
    const thread = this.#isInline(entry) ? inlineThread(agentId) : '';
    this.#tracer.request(thread, id, entry.pieces, entry.thinkingTokens);
    const repeated = this.extraction.records.get(id);
    if (
      repeated !== undefined &&
      isRepeated(repeated, entry, { owner, agentId, promptId: this.#state.promptId, atMs })
    ) {
      const toolName = entry.toolCalls[0]?.name ?? null;
      if (callsFirst({ toolName, toolAtMs: atMs }, repeated)) {
        repeated.toolName = toolName;
        repeated.toolAtMs = atMs;
      }
    } else {
      this.#mergeRequest(entry, { id, owner, agentId, isAgentThread, atMs });
    }
    for (const call of entry.toolCalls) {
      const { toolUseId, name, mcpServer, skill, plugin, filePath, commandWord } = call;
      this.extraction.toolUses.push({
        recordId: id,
        toolUseId,
        name,
        mcpServer,
        skill,
        plugin,
        filePath,
        commandWord,
        calledAtMs: atMs,
      });
    }
    if (this.#isInline(entry)) return;
    const isSameMessage = entry.messageId !== null && entry.messageId === this.#state.lastMessageId;
    this.#state.isTurnOpen =
      entry.toolCalls.length > 0 || (isSameMessage && this.#state.isTurnOpen);
    this.#state.lastMessageId = entry.messageId;
  }

  #mergeRequest(
    entry: RequestEntry,
    facts: {
      id: string;
      owner: string;
      agentId: string | null;
      isAgentThread: boolean;
      atMs: number;
    },
  ): void {
    const { id, owner, agentId, isAgentThread, atMs } = facts;
    const draft: RecordDraft = {
      id,
      messageId: entry.messageId,
      requestId: entry.requestId,
      client: this.#context.client,
      source: this.#source,
      occurredAtMs: atMs,
      describedAtMs: atMs,
      modelRaw: entry.model,
      modifiers: entry.parsed.modifiers,
      iterations: entry.parsed.iterations,
      refusedAttempt: entry.parsed.refusedAttempt,
      usage: entry.parsed.usage,
      isOutputFinal: entry.isOutputFinal,
      sideKind: null,
      toolName: entry.toolCalls[0]?.name ?? null,
      toolAtMs: atMs,
      chargedNanoUsd: null,
      marks: null,
      holding: {
        sessionId: owner,
        isExplicit: entry.ownerSessionId !== null,
        isCopied: entry.sessionId !== null && entry.sessionId !== owner,
        isInMainFile: this.#context.kind === 'main',
        isMainThread: !isAgentThread,
        agentId,
        agentType: isAgentThread ? (entry.agentType ?? this.#context.agentType) : null,
        promptId: entry.promptId ?? this.#state.promptId,
        cwd: entry.cwd,
        gitBranch: entry.gitBranch,
        clientVersion: entry.clientVersion,
      },
    };
    this.#merge(draft);
    for (const side of entry.parsed.sideRequests) this.#merge(sideDraft(draft, side));
  }

  #addUser(entry: UserEntry, sessionId: string): void {
    for (const { agentId, agentType, toolUseId, isFailed, durationMs } of entry.toolResults) {
      this.extraction.toolResults.push({ toolUseId, isFailed, durationMs });
      if (agentId === null) continue;
      const parentAgentId = this.#context.agentId;
      this.#addAgent(sessionId, agentId, { agentType, parentAgentId, spawnToolUseId: toolUseId });
    }
    if (this.#isInline(entry)) {
      this.#tracer.enter(inlineThread(this.#inlineAgentOf(entry)), entry.pieces);
      return;
    }
    this.#tracer.enter('', entry.pieces);
    this.#state.isTurnOpen = true;
    this.#state.lastMessageId = null;
    // A subagent works for the prompt that it was started for, whatever is asked meanwhile.
    if (this.#context.kind === 'sidechain') this.#state.promptId ??= entry.promptId;
    else if (entry.promptId !== null) this.#state.promptId = entry.promptId;
    else if (entry.isPrompt) this.#state.promptId = entry.uuid;
  }

  #addClientTotal(entry: ClientTotalEntry, sessionId: string): void {
    const { startedAtMs, elapsedMs } = entry;
    const saidAtMs = entry.atMs ?? this.#state.lastAtMs;
    for (const total of entry.models) {
      this.extraction.clientTotals.push({ sessionId, startedAtMs, elapsedMs, saidAtMs, ...total });
    }
  }

  #addAside({ kind, key, requests }: AsideEntry, sessionId: string, atMs: number): void {
    this.extraction.asides.push({ sessionId, kind, key, requests, atMs });
  }

  #agentOf(entry: RequestEntry): string | null {
    if (entry.agentId !== null) return entry.agentId;
    if (this.#context.kind === 'sidechain') return this.#context.agentId;
    return this.#inlineAgentOf(entry);
  }

  #inlineAgentOf({ agentId, uuid, parentUuid }: LineOrigin): string | null {
    return agentId ?? followInlineThread(this.#state, uuid, parentUuid);
  }

  #addAgent(
    sessionId: string,
    agentId: string,
    facts: Omit<AgentDraft, 'sessionId' | 'agentId'>,
  ): void {
    const key = `${sessionId}\n${agentId}`;
    const known = this.extraction.agents.get(key);
    this.extraction.agents.set(key, {
      sessionId,
      agentId,
      agentType: known?.agentType ?? facts.agentType,
      parentAgentId: known?.parentAgentId ?? facts.parentAgentId,
      spawnToolUseId: known?.spawnToolUseId ?? facts.spawnToolUseId,
    });
  }

  #merge(draft: RecordDraft): void {
    const known = this.extraction.records.get(draft.id);
    // One id in two sessions of one stretch (a fork that keeps old session ids): the first stays
    // in the map under its id, the other is told apart by its session.
    const key =
      known === undefined || known.holding.sessionId === draft.holding.sessionId
        ? draft.id
        : `${draft.id}\n${draft.holding.sessionId}`;
    const same = this.extraction.records.get(key);
    this.extraction.records.set(key, same === undefined ? draft : mergeDrafts(same, draft));
  }
}

/** How the tracer names a subagent's thread that is written inside another's file. */
function inlineThread(agentId: string | null): string {
  return `@${agentId ?? ''}`;
}

function sideDraft(message: RecordDraft, side: SideRequest): RecordDraft {
  return {
    ...message,
    id: sideIdentity(message.id, side),
    modelRaw: side.model ?? message.modelRaw,
    // Measured: an advisor's pass is billed at standard speed whatever the message's speed is.
    modifiers: side.kind === 'advisor' ? { ...message.modifiers, speed: null } : message.modifiers,
    iterations: [],
    refusedAttempt: null,
    usage: side.usage,
    sideKind: side.kind,
    toolName: null,
    toolAtMs: null,
  };
}
