import type http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WireUsage } from './scenario.ts';

export type WireBlock =
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; input: Record<string, unknown> };

/** A message in the vendor's format. */
export interface WireMessage {
  id: string;
  type: 'message';
  role: 'assistant';
  model: string;
  content: WireBlock[];
  stop_reason: 'tool_use' | 'end_turn';
  stop_sequence: null;
  usage: WireUsage;
}

/**
 * Sends a message as server-sent events; the response is left open.
 * @param tailMs from the last block to the final usage
 */
export async function streamMessage(
  response: http.ServerResponse,
  message: WireMessage,
  tailMs: number,
): Promise<void> {
  const { content, stop_reason, usage } = message;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type: string, event: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...event })}\n\n`);
  };
  // The first counts are final, except for the output.
  const begun = {
    ...message,
    content: [],
    stop_reason: null,
    usage: { ...usage, output_tokens: 1 },
  };
  send('message_start', { message: begun });
  content.forEach((block, index) => {
    const isText = block.type === 'text';
    const empty = isText ? { ...block, text: '' } : { ...block, input: {} };
    const delta = isText
      ? { type: 'text_delta', text: block.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
    send('content_block_start', { index, content_block: empty });
    send('content_block_delta', { index, delta });
    send('content_block_stop', { index });
  });
  await sleep(tailMs);
  send('message_delta', { delta: { stop_reason, stop_sequence: null }, usage });
  send('message_stop', {});
}
