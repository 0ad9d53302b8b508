import { type RealAgent, askedFor, withWritesAsInput, withoutUtility } from './agent.ts';

const os = `${process.platform}-${process.arch}`;
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Agents that the shared lab does not install. */
export const furtherAgents: Record<string, RealAgent> = {
  cline: {
    version: '3.0.65',
    packages: [`@cline/cli-${os}@3.0.65`],
    command: (modules) => [`${modules}/@cline/cli-${os}/bin/cline`],
    files: ({ url }) => ({
      '.cline/data/settings/providers.json': json({
        version: 1,
        lastUsedProvider: 'openai-compatible',
        modes: {},
        providers: {
          'openai-compatible': {
            settings: {
              provider: 'openai-compatible',
              apiKey: 'not-a-key',
              model: 'gpt-5.4',
              baseUrl: `${url}/v1`,
            },
            updatedAt: '2026-11-30T00:00:00.000Z',
            tokenSource: 'manual',
          },
        },
      }),
    }),
    // Its daemon has one port for the whole machine, and tests run at once.
    env: () => ({
      CLINE_NO_AUTO_UPDATE: '1',
      CLINE_HUB_PORT: String(25_500 + Number(process.env['VITEST_POOL_ID'] ?? 0)),
    }),
    args: (prompt, earlier) => [...(earlier === null ? [] : ['--id', earlier.sessionId]), prompt],
    server: { LAB_SHELL: 'run_commands:commands:array' },
    logged: (sent) => withWritesAsInput(askedFor('gpt-5.4')(sent)),
    daemon: '.cline/data/locks/hub/production.json',
  },
  droid: {
    version: '0.215.0',
    packages: [`@factory/cli-${os}@0.215.0`],
    command: (modules) => [`${modules}/@factory/cli-${os}/bin/droid`],
    files: ({ url }) => ({
      '.factory/settings.json': json({
        customModels: [
          {
            displayName: 'lab',
            model: 'gpt-5.4',
            baseUrl: `${url}/v1`,
            apiKey: 'not-a-key',
            provider: 'generic-chat-completion-api',
            maxOutputTokens: 8000,
          },
        ],
      }),
    }),
    env: () => ({ FACTORY_API_KEY: '', FACTORY_DISABLE_AUTO_UPDATE: '1' }),
    args: (prompt, earlier) => [
      'exec',
      '--skip-permissions-unsafe',
      '--model',
      'custom:lab-0',
      ...(earlier === null
        ? []
        : [earlier.how === 'fork' ? '--fork' : '--session-id', earlier.sessionId]),
      prompt,
    ],
    server: {
      LAB_SHELL: 'Execute:command',
      LAB_SHELL_MORE: JSON.stringify({
        summary: 'Scripted',
        timeout: 60,
        riskLevelReason: 'none',
        riskLevel: 'low',
      }),
    },
    logged: (sent) => withWritesAsInput(askedFor('gpt-5.4')(sent)),
    isCounter: true,
  },
  pi: {
    version: '0.73.1',
    packages: ['@mariozechner/pi-coding-agent@0.73.1'],
    command: (modules) => [
      process.execPath,
      `${modules}/@mariozechner/pi-coding-agent/dist/cli.js`,
    ],
    files: ({ url, api }) => ({
      '.pi/agent/models.json': json({
        providers: {
          lab: {
            baseUrl: `${url}/v1`,
            apiKey: 'LAB_KEY',
            api: api === 'chat' ? 'openai-completions' : 'openai-responses',
            models: [{ id: 'gpt-5.4', reasoning: true, contextWindow: 200_000, maxTokens: 8000 }],
          },
        },
      }),
    }),
    env: () => ({ LAB_KEY: 'not-a-key', PI_OFFLINE: '1' }),
    args: (prompt, earlier) => [
      '--provider',
      'lab',
      '--model',
      'gpt-5.4',
      '--print',
      ...(earlier === null
        ? []
        : [earlier.how === 'fork' ? '--fork' : '--session', earlier.sessionId]),
      prompt,
    ],
    logged: (sent) => {
      const asked = askedFor('gpt-5.4')(sent);
      // Too few tokens as read where a request both reads and writes.
      const missing = Math.min(asked.cacheRead, asked.cacheWrite);
      if (withoutUtility(asked) === null) return null;
      return { ...asked, input: asked.input + missing, cacheRead: asked.cacheRead - missing };
    },
  },
};
