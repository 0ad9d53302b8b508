import type { ExpectedRequest } from './agent-files.ts';

/** How the ledger differs from what the server sent, because an agent's own log does. */
interface RunException {
  /** The recorded runs that it changes. */
  runs: readonly string[];
  /** The sentence of the agent's `coverage` that says so. */
  coverage: string;
  /** The model that answered, and the one that was asked for. */
  models?: Readonly<Record<string, string>>;
  isWriteCountedAsInput?: true;
  /** A request that is in no file. */
  isMissing?: (request: ExpectedRequest) => boolean;
  /** Tokens that are counted as input although they were read from the cache. */
  readsCountedAsInput?: (request: ExpectedRequest) => number;
  /** The requests of a session are one record. */
  isSum?: true;
}

const ASKED = { 'other-model-1': 'gpt-5.4' };

export const EXCEPTIONS: Readonly<Record<string, readonly RunException[]>> = {
  gemini: [
    {
      runs: ['subagent'],
      coverage: 'The model that answered: a chat names only the model that was asked for.',
      models: { 'other-model-1': 'gemini-2.5-pro' },
    },
  ],
  qwen: [
    {
      runs: ['two-tools'],
      coverage: 'Cache writes: Qwen Code does not log them, so they are counted as input.',
      isWriteCountedAsInput: true,
    },
  ],
  copilot: [
    {
      runs: ['subagent'],
      coverage:
        'The model that answered is not logged: a request has the model that was asked for.',
      models: ASKED,
    },
  ],
  opencode: [
    {
      runs: ['parallel', 'resume-fork', 'subagent', 'two-tools-chat', 'two-tools-responses'],
      coverage: "The request for a session's title is in no table.",
      isMissing: ({ model }) => model === 'gpt-5.4-mini',
    },
    {
      runs: ['subagent'],
      coverage:
        'The model that answered is not logged: a request has the model that was asked for.',
      models: ASKED,
    },
    {
      runs: ['two-tools-chat'],
      coverage: 'Cache writes over Chat Completions are counted as input.',
      isWriteCountedAsInput: true,
    },
  ],
  cline: [
    {
      runs: ['two-tools'],
      coverage: 'Cache writes over Chat Completions are counted as input.',
      isWriteCountedAsInput: true,
    },
  ],
  droid: [
    {
      runs: ['two-tools'],
      coverage: 'Cache writes over Chat Completions are counted as input.',
      isWriteCountedAsInput: true,
    },
    {
      runs: ['two-tools'],
      coverage: 'A session that is only imported has one record, with the model that it used last.',
      isSum: true,
    },
  ],
  pi: [
    {
      runs: ['two-tools'],
      coverage:
        'Where a request both reads and writes the cache, Pi logs too few tokens as read and too many as input.',
      readsCountedAsInput: ({ cacheRead, cacheWrite }) => (cacheRead > 0 ? cacheWrite : 0),
    },
  ],
};

/** What the ledger has of a recorded run, sorted like `expectedRequests`. */
export function expectedInLedger(
  agent: string,
  run: string,
  sent: readonly ExpectedRequest[],
): ExpectedRequest[] {
  const exceptions = (EXCEPTIONS[agent] ?? []).filter(({ runs }) => runs.includes(run));
  return exceptions
    .reduce((requests, exception) => applyException(exception, requests), [...sent])
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function applyException(exception: RunException, sent: ExpectedRequest[]): ExpectedRequest[] {
  const requests = sent
    .filter((request) => exception.isMissing?.(request) !== true)
    .map((request) => {
      const { model, input, output, cacheRead, cacheWrite } = request;
      const written = exception.isWriteCountedAsInput === true ? cacheWrite : 0;
      const read = exception.readsCountedAsInput?.(request) ?? 0;
      return {
        model: exception.models?.[model] ?? model,
        input: input + written + read,
        output,
        cacheRead: cacheRead - read,
        cacheWrite: cacheWrite - written,
      };
    });
  return exception.isSum === true ? [sumRequests(requests)] : requests;
}

/** All requests as one, with the model of the last. */
export function sumRequests(requests: readonly ExpectedRequest[]): ExpectedRequest {
  const none = { model: '', input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  return requests.reduce((sum, { model, input, output, cacheRead, cacheWrite }) => {
    return {
      model,
      input: sum.input + input,
      output: sum.output + output,
      cacheRead: sum.cacheRead + cacheRead,
      cacheWrite: sum.cacheWrite + cacheWrite,
    };
  }, none);
}
