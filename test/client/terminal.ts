import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { COMMON_FLAGS, type Sandbox } from './sandbox.ts';
import type { Scenario } from './scenario.ts';
import { ScriptedApi, type ServedCall } from './scripted-api.ts';

/** Far longer than a scripted turn takes. */
const LATE_MS = 60_000;

/** Whether a terminal is available to run a client in. */
export function hasTerminal(): boolean {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (process.env['TALLYHOOK_REQUIRE_CLIENT'] === '1') throw error;
    console.log('skipped: tmux is not here to run the interactive client in');
    return false;
  }
}

/** An interactive client, as a person sees it. It ends with the test at the latest. */
export class Terminal {
  readonly #socket: string;
  readonly #api: ScriptedApi;
  readonly #box: Sandbox;

  private constructor(box: Sandbox, api: ScriptedApi) {
    this.#box = box;
    this.#api = api;
    this.#socket = join(box.root, 'tmux');
    onTestFinished(() => {
      if (this.screen() !== null) this.#tmux('kill-server');
      api.close();
    });
  }

  /** @param size columns and rows */
  static async open(
    box: Sandbox,
    scenario: Scenario,
    { args = [], size = [140, 40] }: { args?: string[]; size?: [number, number] } = {},
  ): Promise<Terminal> {
    skipIntroduction(box);
    const api = new ScriptedApi(scenario);
    const env = { ...box.env, ANTHROPIC_BASE_URL: await api.listen(), TERM: 'xterm-256color' };
    const terminal = new Terminal(box, api);
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const command = ['env', '-i', ...settings, box.client, ...COMMON_FLAGS, ...args];
    const [columns, rows] = size.map(String);
    terminal.#tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      columns ?? '',
      '-y',
      rows ?? '',
      '-c',
      box.project,
      ...command,
    );
    return terminal;
  }

  /** The calls that were served to the client so far. */
  get calls(): readonly ServedCall[] {
    return this.#api.calls;
  }

  /** What the terminal shows, colours left out; null when the client has ended. */
  screen(): string | null {
    try {
      return this.#tmux('capture-pane', '-p');
    } catch {
      return null;
    }
  }

  /** Waits for a line. @returns the first line that matches */
  async line(pattern: RegExp): Promise<string> {
    let screen: string | null = null;
    for (const until = Date.now() + LATE_MS; Date.now() < until; await sleep(50)) {
      screen = this.screen();
      const found = screen?.split('\n').find((text) => pattern.test(text));
      if (found !== undefined) return found.trim();
    }
    throw new Error(
      `${String(pattern)} is not on the screen:\n${screen ?? 'the client has ended'}`,
    );
  }

  /** Types a line, and submits it once it is shown at the prompt. */
  async type(text: string): Promise<void> {
    await this.line(/^❯/);
    // The first character may switch the prompt's mode.
    const [first, rest] = [text.slice(0, 1), text.slice(1)];
    this.#tmux('send-keys', '-l', first);
    this.#tmux('send-keys', '-l', rest);
    await this.line(first === '!' ? new RegExp(`^!\\s+${rest.trim()}`) : new RegExp(`^❯.${text}`));
    // Text that arrives at once is treated as pasted, including line ends.
    await sleep(500);
    this.#tmux('send-keys', 'Enter');
  }

  /** Clears the prompt, where a refused prompt is inserted again. */
  clear(): void {
    this.#tmux('send-keys', 'C-u');
  }

  /** Leaves the client, and waits for its last hooks. */
  async exit(): Promise<void> {
    await this.type('/exit');
    for (const until = Date.now() + LATE_MS; this.screen() !== null; await sleep(50)) {
      if (Date.now() > until) throw new Error(`the client does not end:\n${this.screen()}`);
    }
    this.#box.calls.push(...this.#api.calls);
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-S', this.#socket, ...args], {
      encoding: 'utf8',
      env: { ...this.#box.env, LANG: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

/** The answers that a user gives at the first start. */
function skipIntroduction({ env, project }: Sandbox): void {
  const key = env['ANTHROPIC_API_KEY'] ?? '';
  writeFileSync(
    join(env['HOME'] ?? '', '.claude.json'),
    JSON.stringify({
      hasCompletedOnboarding: true,
      theme: 'dark',
      bypassPermissionsModeAccepted: true,
      customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
      projects: {
        [project]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true },
      },
    }),
  );
}

/**
 * Registers a status line in addition to the hooks. It is refreshed every second, as Claude Code refreshes it at
 * the end of a turn before its Stop hooks have recorded the turn.
 */
export function registerStatusline({ env }: Sandbox, command: string): void {
  const path = join(env['HOME'] ?? '', '.claude/settings.json');
  const settings = JSON.parse(readFileSync(path, 'utf8')) as object;
  const statusLine = { type: 'command', command, refreshInterval: 1 };
  writeFileSync(path, JSON.stringify({ ...settings, statusLine }));
}
