import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from './home.ts';

/** Writes a session of `requests` requests, each with a tool call and its result. */
export function makeHistory(home: Home, requests: number): void {
  const folder = join(home.projects, 'p');
  mkdirSync(folder, { recursive: true });
  const lines = Array.from({ length: requests }, (_, number) => {
    const at = new Date(Date.UTC(2026, 10, 1 + (number % 25), 10, number % 60)).toISOString();
    const base = { sessionId: 's1', cwd: '/home/user/project', version: '2.1.330', timestamp: at };
    const usage = { input_tokens: 10 + number, output_tokens: 20, cache_read_input_tokens: 1000 };
    const call = {
      type: 'tool_use',
      id: `toolu_${number}`,
      name: 'Bash',
      input: { command: 'ls' },
    };
    const result = { type: 'tool_result', tool_use_id: call.id, content: 'x'.repeat(200) };
    return [
      { ...base, type: 'user', uuid: `u${number}`, message: { role: 'user', content: 'go on' } },
      {
        ...base,
        type: 'assistant',
        uuid: `a${number}`,
        parentUuid: `u${number}`,
        requestId: `req_${number}`,
        message: {
          id: `msg_${number}`,
          type: 'message',
          role: 'assistant',
          model: 'claude-opus-4-8',
          content: [call],
          stop_reason: 'tool_use',
          usage,
        },
      },
      { ...base, type: 'user', uuid: `r${number}`, message: { role: 'user', content: [result] } },
    ];
  });
  const text = lines.flat().map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(join(folder, 's1.jsonl'), text.join(''));
}
