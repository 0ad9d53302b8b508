// An MCP server on stdio with one tool: it gives a text of as many characters as it is asked for.
import { createInterface } from 'node:readline';

const TOOL = {
  name: 'give',
  description: 'Gives a text of so many characters.',
  inputSchema: {
    type: 'object',
    properties: { chars: { type: 'number' } },
    required: ['chars'],
  },
  // The client writes longer results to a file and passes on their start.
  _meta: { 'anthropic/maxResultSizeChars': 500_000 },
};
const LINE =
  'The quick brown fox jumps over the lazy dog, and counts what each of its jumps costs.\n';

const ANSWERS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'give-server', version: '1.0.0' },
  }),
  'tools/list': () => ({ tools: [TOOL] }),
  'tools/call': ({ arguments: { chars } }) => {
    const text = LINE.repeat(Math.ceil(chars / LINE.length)).slice(0, chars);
    return { content: [{ type: 'text', text }] };
  },
  ping: () => ({}),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const answer = ANSWERS[method];
  const outcome =
    answer === undefined
      ? { error: { code: -32_601, message: `no method ${method}` } }
      : { result: answer(params) };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...outcome })}\n`);
}
