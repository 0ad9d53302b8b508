import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import {
  ENFORCING_HOOKS,
  RECORDING_HOOKS,
  addHooks,
} from '../../src/agents/claude-code/settings/install.ts';
import { hookFile } from '../helpers/program/run.ts';
import type { Version } from './client.ts';
import { type ClientResult, ResultReader } from './result-reader.ts';
import type { Scenario } from './scenario.ts';
import { ScriptedApi, type ServedCall } from './scripted-api.ts';

const settingsExample = fileURLToPath(new URL('../../settings.example.json', import.meta.url));
/** No scripted session takes this long: a client that hangs is killed. */
const LONGEST_MS = 120_000;
export const COMMON_FLAGS = ['--model', 'claude-opus-4-8', '--dangerously-skip-permissions'];
const STREAM_FLAGS = ['--input-format', 'stream-json', '--verbose', '--include-hook-events'];

export interface RunOptions {
  prompt?: string;
  /** Further arguments. */
  args?: string[];
}

/** A running client. */
export interface Session {
  /** The calls that were served to it so far. */
  calls: ServedCall[];
  /** Its output, once it has ended. */
  ended: Promise<ClientResult[]>;
  /** Everything that it has reported to its caller so far. */
  told: object[];
  kill: (signal: 'SIGINT' | 'SIGKILL') => void;
}

/** A separate machine for a test: a home, a project and a ledger. Removed when the test ends. */
export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), 'tallyhook-client-'));
  readonly project = join(this.root, 'project');
  readonly ledgerPath = join(this.root, 'ledger/telemetry.db');
  /** Where the client writes its transcripts. */
  readonly projects = join(this.root, 'home/.claude/projects');
  /** Everything served to all sessions of this machine. */
  readonly calls: ServedCall[] = [];
  /** What clients and their hooks printed besides their results. */
  printed = '';
  /** The environment of everything that runs on this machine. */
  readonly env: Record<string, string>;
  readonly version: Version;
  /** The client's executable. */
  readonly client: string;

  /** @param events the hooks of the example to register; by default all */
  constructor(version: Version, client: string, events?: string[]) {
    this.version = version;
    this.client = client;
    const home = join(this.root, 'home');
    const temporary = join(this.root, 'tmp');
    for (const folder of [this.project, temporary, join(home, '.claude')]) {
      mkdirSync(folder, { recursive: true });
    }
    writeFileSync(join(home, '.claude/settings.json'), settingsText(events));
    this.env = {
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

  /** Runs the client on one prompt, to its end. */
  async run(
    scenario: Scenario,
    options: RunOptions = {},
  ): Promise<{ calls: ServedCall[]; result: ClientResult }> {
    const session = await this.start(scenario, options);
    const result = (await session.ended).at(-1);
    if (result === undefined) throw new Error(`the client gave no result: ${this.printed}`);
    return { calls: session.calls, result };
  }

  /** Starts the client on one prompt. */
  start(scenario: Scenario, { prompt = 'Please look around.', args = [] }: RunOptions = {}) {
    return this.#spawn(scenario, ['-p', prompt, '--output-format', 'json', ...args], () => {});
  }

  /** Runs the client on one prompt after another. @returns its result after each */
  async converse(scenario: Scenario, prompts: string[], args: string[] = []) {
    return (await this.startConversation(scenario, prompts, args)).ended;
  }

  /** The same, with everything that the client reports. */
  startConversation(scenario: Scenario, prompts: string[], args: string[] = []): Promise<Session> {
    const left = [...prompts];
    const flags = ['-p', '--output-format', 'stream-json', ...STREAM_FLAGS, ...args];
    return this.#spawn(scenario, flags, (client) => {
      const content = left.shift();
      const line = JSON.stringify({ type: 'user', message: { role: 'user', content } });
      if (content === undefined) client.stdin?.end();
      else client.stdin?.write(`${line}\n`);
    });
  }

  /** Registers the hooks of `init --budgets`, in addition to the recording hooks. */
  enforceBudgets(): void {
    const hooks = [...RECORDING_HOOKS, ...ENFORCING_HOOKS];
    const added = addHooks('', `"${process.execPath}" "${hookFile}"`, hooks);
    if (!added.ok) throw new Error(added.message);
    writeFileSync(join(this.env['HOME'] ?? '', '.claude/settings.json'), added.text);
  }

  /** Registers exactly these hooks, in the format of the settings. */
  registerHooks(settings: { hooks: Record<string, unknown[]> }): void {
    writeFileSync(join(this.env['HOME'] ?? '', '.claude/settings.json'), JSON.stringify(settings));
  }

  /** The hooks that are registered. */
  registeredHooks(): Record<string, unknown[]> {
    const text = readFileSync(join(this.env['HOME'] ?? '', '.claude/settings.json'), 'utf8');
    return (JSON.parse(text) as { hooks: Record<string, unknown[]> }).hooks;
  }

  /** @param onReady called at the start and after each result */
  async #spawn(
    scenario: Scenario,
    args: string[],
    onReady: (client: ChildProcess) => void,
  ): Promise<Session> {
    const api = new ScriptedApi(scenario);
    const ANTHROPIC_BASE_URL = await api.listen();
    const client = spawn(this.client, [...args, ...COMMON_FLAGS], {
      cwd: this.project,
      env: { ...this.env, ANTHROPIC_BASE_URL },
      stdio: [args.includes('--input-format') ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    const reader = new ResultReader(() => onReady(client));
    client.stdout?.on('data', (chunk) => reader.read(String(chunk)));
    client.stderr?.on('data', (chunk) => (this.printed += String(chunk)));
    onReady(client);
    const limit = setTimeout(() => client.kill('SIGKILL'), LONGEST_MS);
    const ended = once(client, 'close').then(() => {
      clearTimeout(limit);
      api.close();
      this.calls.push(...api.calls);
      reader.end();
      this.printed += reader.hookOutput;
      return reader.results;
    });
    return {
      calls: api.calls,
      ended,
      told: reader.messages,
      kill: (signal) => client.kill(signal),
    };
  }
}

/** The example as a user would install it from a checkout: with the path of the hook instead of its name. */
function settingsText(events: string[] | undefined): string {
  const command = JSON.stringify(`"${process.execPath}" "${hookFile}"`).slice(1, -1);
  const text = readFileSync(settingsExample, 'utf8').replaceAll('tallyhook-hook', command);
  if (events === undefined) return text;
  const { hooks } = JSON.parse(text) as { hooks: Record<string, unknown> };
  const chosen = Object.entries(hooks).filter(([name]) => events.includes(name));
  return JSON.stringify({ hooks: Object.fromEntries(chosen) });
}
