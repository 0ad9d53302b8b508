import { type RealAgent, askedFor, withWritesAsInput, withoutUtility } from './agent.ts';
import { type LabAgent, labAgents } from './lab.ts';
import { furtherAgents } from './further-agents.ts';

type Rest = Pick<RealAgent, 'args' | 'logged' | 'interactive'>;

/** An agent of the shared lab with its own settings, but without the lab's hooks. */
function fromLab(lab: LabAgent, rest: Rest): RealAgent {
  const run = { hook: 'true', prompt: '' };
  return {
    version: lab.version,
    packages: lab.packages,
    command: lab.command,
    env: (place) => lab.setup({ ...run, ...place }).env,
    files: (place) => {
      const files = Object.entries(lab.setup({ ...run, ...place }).files);
      return Object.fromEntries(
        files
          .filter(([path]) => !/hooks\.json$|\/hooks\//.test(path))
          .map(([path, text]) => [path, path.endsWith('.json') ? withoutHooks(text) : text]),
      );
    },
    ...rest,
  };
}

function withoutHooks(text: string): string {
  const {
    hooks: _hooks,
    plugin: _plugin,
    ...settings
  } = JSON.parse(text) as object & {
    hooks?: unknown;
    plugin?: unknown;
  };
  return `${JSON.stringify(settings, null, 1)}\n`;
}

const rests: Record<string, Rest> = {
  codex: {
    args: (prompt, earlier) => [
      'exec',
      ...(earlier === null ? [] : [earlier.how]),
      // Trusting hooks is a dialog; without trust they are skipped.
      '--dangerously-bypass-hook-trust',
      ...(earlier === null ? [] : [earlier.sessionId]),
      prompt,
    ],
    interactive: {
      args: (prompt) => ['--dangerously-bypass-hook-trust', prompt],
      // Without its questions about the folder and a newer model.
      adapt: (files, project) => ({
        ...files,
        '.codex/config.toml': `${files['.codex/config.toml']}
[projects."${project}"]
trust_level = "trusted"
[notice.model_migrations]
"gpt-5.5" = "gpt-6-sol"
`,
      }),
    },
    logged: askedFor('gpt-5.5'),
  },
  gemini: {
    args: (prompt, earlier) => [
      '--yolo',
      '--model',
      'gemini-2.5-pro',
      ...(earlier === null ? [] : ['--resume', 'latest']),
      '--prompt',
      prompt,
    ],
    logged: (sent) => withoutUtility(askedFor('gemini-2.5-pro')(sent)),
  },
  qwen: {
    args: (prompt, earlier) => [
      '--yolo',
      ...(earlier === null ? [] : ['--resume', earlier.sessionId]),
      ...(earlier?.how === 'fork' ? ['--fork-session'] : []),
      '--prompt',
      prompt,
    ],
    interactive: { args: (prompt) => ['--yolo', '-i', prompt] },
    logged: withWritesAsInput,
  },
  copilot: {
    args: (prompt, earlier) => [
      '--allow-all-tools',
      ...(earlier === null ? [] : [`--resume=${earlier.sessionId}`]),
      '--prompt',
      prompt,
    ],
    logged: askedFor('gpt-5.4'),
  },
  opencode: {
    args: (prompt, earlier) => [
      'run',
      ...(earlier === null ? [] : ['--session', earlier.sessionId]),
      ...(earlier?.how === 'fork' ? ['--fork'] : []),
      prompt,
    ],
    logged: (sent, api) => {
      // The request for the session's title.
      if (sent.model === 'gpt-5.4-mini') return null;
      const asked = askedFor('gpt-5.4')(sent);
      return api === 'chat' ? withWritesAsInput(asked) : asked;
    },
  },
};

/** Every agent that is run for real; none if the shared lab is not here. */
export const realAgents: Record<string, RealAgent> =
  labAgents === null
    ? {}
    : {
        ...Object.fromEntries(
          Object.entries(labAgents).flatMap(([name, lab]) => {
            const rest = rests[name];
            return rest === undefined ? [] : [[name, fromLab(lab, rest)]];
          }),
        ),
        ...furtherAgents,
      };
