import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WireBlock, type WireMessage, streamMessage } from './message-stream.ts';
import {
  type Block,
  type Scenario,
  type Step,
  type ToolOutcome,
  type WireUsage,
  answer,
  say,
  threadOf,
} from './scenario.ts';

export interface ServedTool {
  id: string;
  name: string;
  input: Record<string, unknown>;
  outcome: ToolOutcome;
}

/** One request that the API answered, or began to. */
export interface ServedCall {
  /** The session that the client's request names. */
  sessionId: string;
  thread: string;
  model: string;
  messageId: string;
  requestId: string;
  /** What the client sent. */
  body: string;
  usage: WireUsage;
  tools: ServedTool[];
  /** HTTP status of the answer. */
  status: number;
  /** The client has been sent everything, the final usage included. */
  isFinished: boolean;
}

interface Asked {
  model: string;
  stream?: boolean;
  tools?: object[];
  messages?: { content: unknown }[];
}

/**
 * A Messages API on loopback that answers from a scenario and records its answers. A thread without further
 * steps gets the answer "Done.". A request without the client's tools belongs to the thread `aside`: it is an
 * auxiliary request of the client.
 */
export class ScriptedApi {
  readonly calls: ServedCall[] = [];
  readonly #scenario: Scenario;
  readonly #taken = new Map<string, number>();
  readonly #server: http.Server;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#server = http.createServer((request, response) => {
      bodyOf(request)
        .then((body) => this.#serve(request, body, response))
        // The client disconnected in the middle of a request.
        .catch(() => response.destroy());
    });
  }

  /** @returns its address */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(
    { url = '', headers }: http.IncomingMessage,
    text: string,
    response: http.ServerResponse,
  ): Promise<void> {
    if (url.includes('/count_tokens')) return sendJson(response, 200, { input_tokens: 1000 });
    if (!url.startsWith('/v1/messages')) return sendJson(response, 404, apiError('not found'));
    const asked = JSON.parse(text) as Asked;
    const { thread, step } = this.#next(asked);
    const served: ServedCall = {
      sessionId: String(headers['x-claude-code-session-id']),
      thread,
      model: asked.model,
      messageId: `msg_${fresh()}`,
      requestId: `req_${fresh()}`,
      body: text,
      usage: typeof step.usage === 'function' ? step.usage(text, step.content) : step.usage,
      tools: [],
      status: step.status ?? 200,
      isFinished: false,
    };
    this.calls.push(served);
    response.setHeader('request-id', served.requestId);
    if (served.status !== 200) return sendJson(response, served.status, apiError('scripted'));
    const message = messageOf(served, step);
    if (asked.stream === true) {
      await streamMessage(response, message, step.tailMs ?? 0);
      served.isFinished = !response.destroyed;
      response.end();
    } else {
      sendJson(response, 200, message);
      served.isFinished = true;
    }
  }

  #next(asked: Asked): { thread: string; step: Step } {
    const isErrand = asked.tools?.some((tool) => 'input_schema' in tool) !== true;
    const thread = isErrand ? 'aside' : threadOf(JSON.stringify(asked.messages?.[0] ?? ''));
    const index = this.#taken.get(thread) ?? 0;
    this.#taken.set(thread, index + 1);
    return { thread, step: this.#scenario[thread]?.[index] ?? answer([say('Done.')]) };
  }
}

function messageOf(served: ServedCall, step: Step): WireMessage {
  const content = step.content.map((block) => wireBlock(block, served));
  return {
    id: served.messageId,
    type: 'message',
    role: 'assistant',
    model: served.model,
    content,
    stop_reason: served.tools.length > 0 ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: served.usage,
  };
}

/** A tool call gets its id here. */
function wireBlock(block: Block, served: ServedCall): WireBlock {
  if (block.type === 'text') return block;
  const { type, name, input, outcome } = block;
  const id = `toolu_${fresh()}`;
  served.tools.push({ id, name, input, outcome });
  return { type, id, name, input };
}

async function bodyOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function sendJson(response: http.ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function apiError(message: string): object {
  return { type: 'error', error: { type: 'api_error', message } };
}

function fresh(): string {
  return randomBytes(12).toString('hex');
}
