import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { query } from '../helpers/home.ts';
import { cliFile } from '../helpers/program/run.ts';
import type { Api, Earlier, RealAgent } from './agent.ts';
import type { InstalledAgent } from './install.ts';
import { type HookOptions, OurHooks } from './our-hooks.ts';
import { type Scenario, type ScriptedServer, startServer } from './server.ts';
import type { Counts, SentRequest } from './sent.ts';
import { AgentTerminal } from './terminal.ts';

/** No scripted session takes this long: an agent that hangs is killed. */
const LONGEST_MS = 120_000;

export interface RunOptions {
  prompt?: string;
  earlier?: Earlier | null;
  /** Changes the agent's settings. */
  adapt?: ((files: Record<string, string>) => Record<string, string>) | undefined;
}

export interface AgentRun {
  api: Api;
  exitCode: number | null;
  /** What the agent printed. */
  printed: string;
  /** What the server sent during this run. */
  sent: SentRequest[];
}

/** A machine of a test's own, with one agent. Removed when the test ends. */
export class LabMachine {
  readonly root = mkdtempSync(join(tmpdir(), 'tallyhook-agent-'));
  readonly home = join(this.root, 'home');
  readonly ledger = join(this.home, '.local/share/tallyhook/telemetry.db');
  readonly hooks: OurHooks;
  /** The agent's files that we edit, before the hooks were installed last. */
  before: Record<string, string | null> = {};
  readonly #project = join(this.root, 'project');
  readonly #agent: RealAgent;
  readonly #installed: InstalledAgent;
  readonly #options: HookOptions;
  readonly #env: Record<string, string>;
  #runs = 0;

  constructor(
    [name, agent, installed]: [string, RealAgent, InstalledAgent],
    options: HookOptions = { isEnforcing: false },
  ) {
    this.#agent = agent;
    this.#installed = installed;
    this.#options = options;
    this.hooks = new OurHooks(name, this.home);
    const temporary = join(this.root, 'tmp');
    for (const folder of [this.home, this.#project, temporary]) mkdirSync(folder);
    execFileSync('git', ['init', '-q', '-b', 'main', this.#project]);
    this.#env = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.home,
      TMPDIR: temporary,
      // Nothing but the scripted server can be reached.
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '127.0.0.1,localhost',
    };
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true, maxRetries: 20 }));
    onTestFinished(() => this.#endDaemon());
  }

  /**
   * Runs the agent on one prompt, to its end. The server has another port each time, so the agent's settings
   * are written anew, and the hooks installed into them.
   */
  async run(scenario: Scenario, options: RunOptions = {}): Promise<AgentRun> {
    const { prompt = 'Please look around.', earlier = null, adapt = (files) => files } = options;
    const { server, env } = await this.#prepare(scenario, adapt);
    try {
      const [program = '', ...first] = this.#installed.command;
      const child = spawn(program, [...first, ...this.#agent.args(prompt, earlier)], {
        cwd: this.#project,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
        // Some agents start themselves again, as a child that has to end with them.
        detached: true,
      });
      return { ...(await waitFor(child)), api: server.api, sent: server.sent() };
    } finally {
      server.stop();
    }
  }

  /** Opens the agent in a terminal, with a first prompt. */
  async open(scenario: Scenario): Promise<{ terminal: AgentTerminal; server: ScriptedServer }> {
    const { interactive } = this.#agent;
    if (interactive === undefined) throw new Error('the agent is not run in a terminal');
    const { server, env } = await this.#prepare(
      scenario,
      (files) => interactive.adapt?.(files, this.#project) ?? files,
    );
    onTestFinished(() => server.stop());
    const command = [...this.#installed.command, ...interactive.args('Please look around.')];
    return { terminal: new AgentTerminal(this.root, this.#project, env, command), server };
  }

  async #prepare(scenario: Scenario, adapt: NonNullable<RunOptions['adapt']>) {
    const log = join(this.root, `api-${this.#runs++}.log`);
    const server = await startServer(scenario, this.#project, log, this.#agent.server);
    const place = { url: server.url, api: server.api, cache: this.#installed.cache };
    this.hooks.uninstall();
    this.#write(adapt(this.#agent.files(place)));
    this.before = this.hooks.texts();
    this.hooks.install(this.#options);
    return { server, env: { ...this.#env, ...this.#agent.env(place) } };
  }

  #endDaemon(): void {
    const file = join(this.home, this.#agent.daemon ?? '');
    if (this.#agent.daemon === undefined || !existsSync(file)) return;
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number };
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  #write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.home, path)), { recursive: true });
      writeFileSync(join(this.home, path), text);
    }
  }

  /** Runs our command line on this machine. @returns what it printed */
  tallyhook(args: string[], env: Record<string, string> = {}): string {
    const run = spawnSync(process.execPath, [cliFile, ...args], {
      cwd: this.#project,
      env: { ...this.#env, TZ: 'UTC', ...env },
      encoding: 'utf8',
    });
    const printed = run.stdout + run.stderr;
    if (run.status !== 0) throw new Error(`tallyhook ${args.join(' ')}: ${printed}`);
    return printed;
  }

  /** The requests in a ledger, by default the machine's own. */
  recorded(path = this.ledger): Counts[] {
    if (!existsSync(path)) return [];
    // A hook may have been killed before it had made the tables.
    const tables = "SELECT name FROM sqlite_schema WHERE name = 'cost_records'";
    if (query(path, tables).length === 0) return [];
    return query<Counts>(
      path,
      `SELECT model_raw AS model, input_tokens AS input, output_tokens AS output,
         cache_read_tokens AS cacheRead,
         cache_write_5m_tokens + cache_write_1h_tokens AS cacheWrite
       FROM cost_records`,
    );
  }

  /** How many requests were recorded as a subagent's. */
  agentRequests(): number {
    const sql = 'SELECT count(*) AS count FROM cost_records WHERE agent_id IS NOT NULL';
    return query<{ count: number }>(this.ledger, sql)[0]?.count ?? 0;
  }

  /** The user's session that was recorded last. */
  lastSession(): string {
    const [row] = query<{ id: string }>(
      this.ledger,
      `SELECT session_id AS id FROM cost_records ORDER BY occurred_at_ms DESC LIMIT 1`,
    );
    return row?.id ?? '';
  }
}

async function waitFor(child: ChildProcess): Promise<{ exitCode: number | null; printed: string }> {
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => (printed += String(chunk)));
  }
  const limit = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), LONGEST_MS);
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  clearTimeout(limit);
  // A daemon that it leaves behind may hold its output open.
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { exitCode, printed };
}
