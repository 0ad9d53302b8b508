import { claudeCode } from '../../src/agents/claude-code/index.ts';
import { type AgentWithSetup, OTHER_AGENTS } from '../../src/agents/registry.ts';
import { pathList } from '../../src/core/lang/path-list.ts';

const PLACE = { home: '~', env: {} };

/** The part of docs/agents.md that follows from the code: what works for which agent, and what can't. */
export function agentsSection(): string {
  const lines = [
    '| agent | `--agent` | live hooks | import | budgets | subagents | branch | tool calls |',
    '|---|---|---|---|---|---|---|---|',
    `| ${claudeCode.title} | \`${claudeCode.name}\` | yes | yes | stop | yes | yes | yes |`,
    ...OTHER_AGENTS.map(rowOf),
    ...OTHER_AGENTS.flatMap(sectionOf),
  ];
  return lines.join('\n');
}

function rowOf({ agent, setup }: AgentWithSetup): string {
  const { subagents, branch, toolCalls } = setup.shows;
  const yesOrNo = (is: boolean): string => (is ? 'yes' : 'no');
  const cells = [
    agent.title,
    `\`${agent.name}\``,
    yesOrNo(setup.installer.files(PLACE).length > 0),
    yesOrNo(agent.sources.length > 0),
    setup.canRefuse ? 'stop' : 'warn',
    ...[subagents, branch, toolCalls].map(yesOrNo),
  ];
  return `| ${cells.join(' | ')} |`;
}

function sectionOf({ agent, setup }: AgentWithSetup): string[] {
  const { installer, coverage } = setup;
  const files = installer.files(PLACE);
  const folders = [...new Set(agent.sources.flatMap((source) => source.folders(PLACE)))];
  const steps = installer.manualSteps(PLACE, []);
  return [
    '',
    `### ${agent.title}`,
    '',
    `- Hooks: \`${pathList(files)}\``,
    `- Read from: ${folders.map((folder) => `\`${folder}\``).join(', ')}`,
    ...steps.map((step) => `- By hand: ${step}`),
    '- Limits of its log:',
    ...coverage.map((sentence) => `  - ${sentence}`),
  ];
}
