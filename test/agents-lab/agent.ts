import type { SentRequest } from './sent.ts';

export type Api = 'responses' | 'chat' | 'gemini';

/** What one run of an agent needs to be told. */
export interface RunPlace {
  /** The scripted server. */
  url: string;
  api: Api;
  /** A folder for what the agent unpacks; it stays beside the installed agent. */
  cache: string;
}

/** A session to go on with. */
export interface Earlier {
  how: 'resume' | 'fork';
  sessionId: string;
}

/** A real agent: how it is installed, pointed at the scripted server and started. */
export interface RealAgent {
  version: string;
  packages: string[];
  /** The program and its first arguments, given the `node_modules` folder that it lies in. */
  command: (modules: string) => string[];
  /** Its settings by their paths below the home folder, without any hook. */
  files: (place: RunPlace) => Record<string, string>;
  env: (place: RunPlace) => Record<string, string>;
  /** @param earlier null for a new session */
  args: (prompt: string, earlier: Earlier | null) => string[];
  /** How it is started in a terminal, and what its settings then need beside. */
  interactive?: {
    args: (prompt: string) => string[];
    adapt?: (files: Record<string, string>, project: string) => Record<string, string>;
  };
  /** Environment of the scripted server: which tool a shell call uses, if it is not one it knows. */
  server?: Record<string, string>;
  /** What is in its log of a request; null for one that it does not log. Its coverage names both. */
  logged: (sent: SentRequest, api: Api) => SentRequest | null;
  /** A file below the home folder with the `pid` of a process that it leaves behind. */
  daemon?: string;
  /** Its requests are increases of a counter: only sums can be compared. */
  isCounter?: true;
}

/** A request in a log that names only the model that was asked for. */
export function askedFor(model: string): (sent: SentRequest) => SentRequest {
  return (sent) => ({ ...sent, model: sent.model.startsWith('other-model') ? model : sent.model });
}

/** Without requests that offer no tools: titles, and summaries for a compaction. */
export function withoutUtility(sent: SentRequest): SentRequest | null {
  return sent.thread === 'utility' ? null : sent;
}

/** Cache writes that are not logged apart from the input. */
export function withWritesAsInput(sent: SentRequest): SentRequest {
  return { ...sent, input: sent.input + sent.cacheWrite, cacheWrite: 0 };
}
