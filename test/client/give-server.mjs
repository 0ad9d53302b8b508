// An MCP server on stdio with one tool, which returns a text of the requested number of characters.
import { createInterface } from 'node:readline';

const TOOL = {
  name: 'give',
  description: 'Gives a text of so many characters.',
  inputSchema: {
    type: 'object',
    properties: { chars: { type: 'number' } },
    required: ['chars'],
  },
  // Claude Code writes longer results to a file and passes only their start to the model.
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
