import type { RunOptions } from './machine.ts';
import type { Scenario } from './server.ts';

/** Runs of an agent one after another on one machine. */
export interface LabCase {
  name: string;
  hasSubagent?: true;
  /** The agent sums the conversation up: a request that offers no tools. */
  hasCompaction?: true;
  runs: { scenario: Scenario; how?: 'resume' | 'fork'; adapt?: RunOptions['adapt'] }[];
}

/** Cases that every agent has. */
function common(api: string): LabCase[] {
  return [
    { name: 'tools', runs: [{ scenario: `${api}-two-tools` }] },
    { name: 'parallel tools', runs: [{ scenario: `${api}-parallel` }] },
  ];
}

function resumed(api: string, ...hows: ('resume' | 'fork')[]): LabCase {
  return {
    name: ['a session', ...hows].join(', '),
    runs: [
      { scenario: `${api}-two-tools` },
      ...hows.map((how) => ({ scenario: `${api}-parallel`, how })),
    ],
  };
}

/** A change of one settings file, as text. */
const edit = (path: string, change: (text: string) => string): NonNullable<RunOptions['adapt']> => {
  return (files) => ({ ...files, [path]: change(files[path] ?? '') });
};

/** A change of one settings file in JSON. */
const set = (path: string, fields: object) =>
  edit(path, (text) => JSON.stringify({ ...(JSON.parse(text || '{}') as object), ...fields }));

function subagent(scenario: string, adapt?: RunOptions['adapt']): LabCase {
  return { name: 'subagent', hasSubagent: true, runs: [{ scenario, adapt }] };
}

function compaction(scenario: Scenario, adapt: RunOptions['adapt']): LabCase {
  const runs = [
    { scenario, adapt },
    { scenario, adapt, how: 'resume' as const },
  ];
  return { name: 'compaction', hasCompaction: true, runs };
}

/** A context so small that the first response of `overflow` fills it. */
const smallContext = (text: string): string =>
  text.replaceAll(/("context(?:Window)?":\s*)200000/g, '$120000');

const responsesUsage = (input_tokens: number) => ({
  input_tokens,
  input_tokens_details: { cached_tokens: 400 },
  output_tokens: 60,
  output_tokens_details: { reasoning_tokens: 20 },
  total_tokens: input_tokens + 60,
});

/** One response that fills a small context, and others that do not. */
const overflow: Scenario = {
  api: 'responses',
  utility: [{ usage: responsesUsage(700), content: [{ text: 'A summary.' }] }],
  main: [
    { usage: responsesUsage(14_000), content: [{ shell: 'echo one' }] },
    { usage: responsesUsage(900), content: [{ text: 'All done.' }] },
  ],
};

export const cases: Record<string, LabCase[]> = {
  codex: [
    ...common('responses'),
    subagent(
      'x-sub-codex',
      edit('.codex/config.toml', (text) =>
        text.replace('[features]', '[features]\nmulti_agent_v2 = true'),
      ),
    ),
    resumed('responses', 'resume', 'fork'),
    compaction(
      'responses-two-tools',
      edit('.codex/config.toml', (text) => `model_auto_compact_token_limit = 9000\n${text}`),
    ),
  ],
  gemini: [
    ...common('gemini'),
    subagent('x-sub-gemini'),
    resumed('gemini', 'resume'),
    compaction(
      'gemini-two-tools',
      set('.gemini/settings.json', { model: { compressionThreshold: 0.001 } }),
    ),
  ],
  qwen: [...common('chat'), subagent('x-sub-qwen'), resumed('chat', 'resume', 'fork')],
  copilot: [
    ...common('responses'),
    { name: 'tools over Chat Completions', runs: [{ scenario: 'chat-two-tools' }] },
    subagent('x-sub-copilot'),
    resumed('chat', 'resume'),
  ],
  opencode: [
    ...common('responses'),
    { name: 'tools over Chat Completions', runs: [{ scenario: 'chat-two-tools' }] },
    subagent('x-sub-opencode'),
    resumed('responses', 'resume', 'fork'),
    compaction(overflow, edit('.config/opencode/opencode.json', smallContext)),
  ],
  // Cline resumes in a terminal only, droid with an account only.
  cline: common('chat'),
  droid: common('chat'),
  pi: [
    ...common('chat'),
    resumed('chat', 'resume', 'fork'),
    compaction(
      'chat-two-tools',
      edit('.pi/agent/models.json', (text) => text.replace(/("contextWindow":\s*)\d+/, '$112000')),
    ),
  ],
};
