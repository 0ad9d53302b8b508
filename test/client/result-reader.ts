/** The usage of one model that the client reports. */
export interface ClientUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadInputTokens: number;
  cacheCreationInputTokens: number;
  webSearchRequests: number;
  costUSD: number;
  /** Only reported by later clients. */
  cacheCreationEphemeral1hInputTokens?: number;
}

export type ModelUsage = Record<string, ClientUsage>;

/** What the client prints at the end of a turn. */
export interface ClientResult {
  type: 'result';
  session_id: string;
  /** The last text of the model. */
  result: string;
  is_error: boolean;
  total_cost_usd: number;
  modelUsage: ModelUsage;
}

interface HookResponse {
  type: 'system';
  subtype: 'hook_response';
  hook_event: string;
  stdout: string;
  stderr: string;
}

/** Reads the client's output, which has one JSON object per line. */
export class ResultReader {
  readonly results: ClientResult[] = [];
  /** Everything that was read, in order. */
  readonly messages: object[] = [];
  /** The output of hooks, where the client reports it (in a conversation). */
  hookOutput = '';
  readonly #onResult: () => void;
  #rest = '';

  constructor(onResult: () => void) {
    this.#onResult = onResult;
  }

  read(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') this.#take(JSON.parse(line) as ClientResult | HookResponse);
    }
  }

  /** Called when the client has ended; an incomplete last line is ignored. */
  end(): void {
    if (this.#rest.endsWith('}')) this.read('\n');
  }

  #take(message: ClientResult | HookResponse): void {
    this.messages.push(message);
    if (message.type === 'result') {
      this.results.push(message);
      this.#onResult();
    } else if (message.subtype === 'hook_response' && message.stdout + message.stderr !== '') {
      this.hookOutput += `${message.hook_event} hook: ${message.stdout}${message.stderr}\n`;
    }
  }
}
