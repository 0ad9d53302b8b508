import type {
  LineOrigin,
  OtherEntry,
  RequestEntry,
  UserEntry,
} from '../../core/transcript/entry.ts';

const NO_ORIGIN: LineOrigin = {
  uuid: null,
  parentUuid: null,
  sessionId: null,
  atMs: null,
  promptId: null,
  isAgentThread: false,
  agentId: null,
  cwd: null,
};

type RequestFacts = Pick<RequestEntry, 'messageId' | 'model' | 'parsed'> & Partial<RequestEntry>;

/** A request with the given facts; whatever is left out is unknown. */
export function requestEntry(facts: RequestFacts): RequestEntry {
  return {
    ...NO_ORIGIN,
    type: 'request',
    requestId: null,
    ownerSessionId: null,
    agentType: null,
    spawnToolUseId: null,
    isOutputFinal: true,
    gitBranch: null,
    clientVersion: null,
    toolCalls: [],
    pieces: [],
    thinkingTokens: null,
    ...facts,
  };
}

/** A user line with the given facts: a prompt, or tool results. */
export function userEntry(facts: Partial<UserEntry>): UserEntry {
  return { ...NO_ORIGIN, type: 'user', isPrompt: false, toolResults: [], pieces: [], ...facts };
}

/** A line without a request or a prompt; its session and time may still matter. */
export function otherEntry(facts: Partial<OtherEntry>): OtherEntry {
  return { ...NO_ORIGIN, type: 'other', pieces: [], ...facts };
}
