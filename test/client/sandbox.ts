import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { hookFile } from '../helpers/hook.ts';
import type { Scenario } from './scenario.ts';
import { ScriptedApi, type ServedCall } from './scripted-api.ts';

const settingsExample = fileURLToPath(new URL('../../settings.example.json', import.meta.url));

/** What the client says of one model, as its result has it. */
export interface ClientUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadInputTokens: number;
  cacheCreationInputTokens: number;
  webSearchRequests: number;
  costUSD: number;
  cacheCreationEphemeral5mInputTokens?: number;
  cacheCreationEphemeral1hInputTokens?: number;
}

export interface ClientResult {
  session_id: string;
  total_cost_usd: number;
  modelUsage: Record<string, ClientUsage>;
}

export interface RunOptions {
  prompt?: string;
  model?: string;
  /** Further arguments. */
  args?: string[];
}

export interface ClientRun {
  /** What was served to this session. */
  calls: ServedCall[];
  result: ClientResult;
}

/** A client at work. */
export interface Session {
  /** What was served to it so far. */
  calls: ServedCall[];
  /** What it printed. */
  ended: Promise<string>;
  kill: (signal: 'SIGINT' | 'SIGKILL') => void;
}

/** No scripted session takes this long; a client that hangs is ended. */
const LONGEST_MS = 120_000;

/** A machine of the test's own: a home, a project, a ledger. Removed when the test ends. */
export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), 'tallyhook-client-'));
  readonly project = join(this.root, 'project');
  readonly ledgerFolder = join(this.root, 'ledger');
  readonly ledgerPath = join(this.ledgerFolder, 'telemetry.db');
  readonly projects = join(this.root, 'home/.claude/projects');
  /** Everything served to all sessions of this machine. */
  readonly calls: ServedCall[] = [];
  /** What clients, and with them their hooks, printed besides their results. */
  stderr = '';
  readonly #client: string;
  readonly #env: Record<string, string>;

  /** @param events the hooks to register, of those in the example; all by default */
  constructor(client: string, events?: string[]) {
    this.#client = client;
    const home = join(this.root, 'home');
    const temporary = join(this.root, 'tmp');
    for (const folder of [this.project, temporary, join(home, '.claude')]) {
      mkdirSync(folder, { recursive: true });
    }
    writeFileSync(join(home, '.claude/settings.json'), settingsText(events));
    this.#env = {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      TMPDIR: temporary,
      TELEMETRY_DB_PATH: this.ledgerPath,
      ANTHROPIC_API_KEY: 'sk-ant-scripted',
      DISABLE_TELEMETRY: '1',
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      IS_SANDBOX: '1',
    };
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true, maxRetries: 5 }));
  }

  /** The client's environment, for other programs that are to see the same machine. */
  get env(): Record<string, string> {
    return { ...this.#env };
  }

  /** Runs the client on one prompt, to its end. */
  async run(scenario: Scenario, options: RunOptions = {}): Promise<ClientRun> {
    const session = await this.start(scenario, options);
    const stdout = await session.ended;
    const line = stdout.trim().split('\n').at(-1) ?? '';
    if (!line.startsWith('{')) throw new Error(`the client said: ${stdout}${this.stderr}`);
    return { calls: session.calls, result: JSON.parse(line) as ClientResult };
  }

  /** Starts the client on one prompt, for those who mean to end it before it does. */
  async start(scenario: Scenario, options: RunOptions = {}): Promise<Session> {
    const api = new ScriptedApi(scenario);
    const address = await api.listen();
    const { prompt = 'Please look around.', model = 'claude-opus-4-8', args = [] } = options;
    const flags = ['--model', model, '--output-format', 'json', '--dangerously-skip-permissions'];
    const client = spawn(this.#client, ['-p', prompt, ...flags, ...args], {
      cwd: this.project,
      env: { ...this.#env, ANTHROPIC_BASE_URL: address },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    client.stdout.on('data', (chunk) => (stdout += chunk));
    client.stderr.on('data', (chunk) => (this.stderr += chunk));
    const limit = setTimeout(() => client.kill('SIGKILL'), LONGEST_MS);
    const ended = once(client, 'close').then(() => {
      clearTimeout(limit);
      api.close();
      this.calls.push(...api.calls);
      return stdout;
    });
    return { calls: api.calls, ended, kill: (signal) => client.kill(signal) };
  }
}

/** The example as a user would install it from a checkout: with the hook's path for its name. */
function settingsText(events: string[] | undefined): string {
  const command = `${process.execPath} ${hookFile}`;
  const text = readFileSync(settingsExample, 'utf8').replaceAll('tallyhook-hook', command);
  if (events === undefined) return text;
  const { hooks } = JSON.parse(text) as { hooks: Record<string, unknown> };
  const chosen = Object.entries(hooks).filter(([name]) => events.includes(name));
  return JSON.stringify({ hooks: Object.fromEntries(chosen) });
}
