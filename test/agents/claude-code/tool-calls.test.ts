import { describe, expect, test } from 'vitest';
import { parseToolCalls } from '../../../src/agents/claude-code/tool-calls.ts';
import { commandWord } from '../../../src/agents/shared/command-word.ts';

describe("a shell command's first word", () => {
  test.each<[unknown, string | null]>([
    ['ls -la', 'ls'],
    ['  git status', 'git'],
    ['/usr/bin/python3 x.py', 'python3'],
    ['./scripts/run.sh', 'run.sh'],
    ['cd /repo && npm test', 'npm'],
    ['cd "/my repo" && cd src; make', 'make'],
    ["cd '/my repo'; make", 'make'],
    ['cd /repo', 'cd'],
    ['FOO=1 BAR="a" node x', 'node'],
    ['sudo apt-get install', 'apt-get'],
    ['env A=1 time node x', 'node'],
    ['time -p make', null],
    ['sudo -u root make', null],
    ['FOO="a b" make', 'make'],
    ['npm; ls', 'npm'],
    ['make&& ls', 'make'],
    ['(cd /repo && make)', 'make'],
    ['# list them\nls', 'ls'],
    ['timeout 10 make', 'make'],
    ['timeout -k 5 10s make', null],
    ['xargs -n1 rm', 'xargs'],
    ['if true; then ls; fi', 'if'],
    ['for i in 1 2; do ls; done', 'for'],
    ['$(which node) x', null],
    ['"quoted program" x', null],
    ['a'.repeat(65), null],
    ['', null],
    ['   ', null],
    [null, null],
    [7, null],
  ])('%j: %j', (command, word) => {
    expect(commandWord(command)).toBe(word);
  });
});

describe('a tool call', () => {
  const block = (name: string, input: unknown): object => ({
    type: 'tool_use',
    id: 't',
    name,
    input,
  });
  const none = {
    mcpServer: null,
    skill: null,
    plugin: null,
    filePath: null,
    commandWord: null,
    subagentType: null,
  };
  test.each<[string, object, object, object]>([
    [
      'of a subagent',
      block('Agent', { subagent_type: 'explorer', prompt: 'x' }),
      {},
      { subagentType: 'explorer' },
    ],
    [
      'of a subagent, in old versions',
      block('Task', { subagent_type: 'p:x' }),
      {},
      { subagentType: 'p:x' },
    ],
    ['of a subagent without a type', block('Task', { prompt: 'x' }), {}, {}],
    ['of another tool with a type', block('Other', { subagent_type: 'explorer' }), {}, {}],
    ['of a shell', block('Bash', { command: 'git log' }), {}, { commandWord: 'git' }],
    ['of another tool with a command', block('Other', { command: 'git log' }), {}, {}],
    ['of a file', block('Edit', { file_path: '/a.ts' }), {}, { filePath: '/a.ts' }],
    [
      'of a notebook',
      block('NotebookEdit', { notebook_path: '/a.ipynb' }),
      {},
      { filePath: '/a.ipynb' },
    ],
    ['of an MCP server', block('mcp__files__find', {}), {}, { mcpServer: 'files' }],
    [
      'of one with a longer name',
      block('mcp__my_files__find_all__now', {}),
      {},
      { mcpServer: 'my_files' },
    ],
    [
      'whose server only the client tells',
      block('mcp__odd', {}),
      { attributionMcpServer: 'odd' },
      { mcpServer: 'odd' },
    ],
    [
      'of a skill',
      block('Skill', { skill: 'pdf' }),
      { attributionSkill: 'other' },
      { skill: 'pdf' },
    ],
    [
      'inside a skill of a plugin',
      block('Read', {}),
      { attributionSkill: 'pdf', attributionPlugin: 'office' },
      { skill: 'pdf', plugin: 'office' },
    ],
    ['with no input', block('Read', null), {}, {}],
  ])('%s', (_, call, line, facts) => {
    const { id: toolUseId, name } = call as { id: string; name: string };
    expect(parseToolCalls([call], line as never)).toEqual([{ toolUseId, name, ...none, ...facts }]);
  });

  test('that does not name itself is none', () => {
    const blocks = [
      { type: 'tool_use', name: 'A' },
      { type: 'tool_use', id: 't' },
      { type: 'text' },
      null,
    ];
    expect(parseToolCalls(blocks, {})).toEqual([]);
    expect(parseToolCalls('text', {})).toEqual([]);
  });
});
