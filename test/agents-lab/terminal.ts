import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Far longer than an agent takes to start. */
const LATE_MS = 60_000;

/** Whether a terminal is available to run an agent in. */
export function hasTerminal(): boolean {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (process.env['TALLYHOOK_REQUIRE_AGENTS'] === '1') throw error;
    console.log('skipped: tmux is not here to run an interactive agent in');
    return false;
  }
}

/** An interactive agent, as a person sees it. It ends with the test at the latest. */
export class AgentTerminal {
  readonly #socket: string;

  constructor(root: string, cwd: string, env: Record<string, string>, command: string[]) {
    this.#socket = join(root, 'tmux');
    const settings = Object.entries({ ...env, TERM: 'xterm-256color' }).map(
      ([name, value]) => `${name}=${value}`,
    );
    const size = ['-x', '140', '-y', '45'];
    const place = ['new-session', '-d', ...size, '-c', cwd];
    this.#tmux('-f', '/dev/null', ...place, 'env', '-i', ...settings, ...command);
    onTestFinished(() => {
      if (this.screen() === null) return;
      // With its children, and at once: one that ends by itself still writes into its home.
      const pid = Number(this.#tmux('display-message', '-p', '#{pane_pid}'));
      process.kill(-pid, 'SIGKILL');
    });
  }

  /** What the terminal shows, colours left out; null when the agent has ended. */
  screen(): string | null {
    try {
      return this.#tmux('capture-pane', '-p');
    } catch {
      return null;
    }
  }

  /** Waits until a text is shown. */
  async shows(pattern: RegExp): Promise<void> {
    let screen: string | null = null;
    for (const until = Date.now() + LATE_MS; Date.now() < until; await sleep(100)) {
      screen = this.screen();
      if (screen !== null && pattern.test(screen)) return;
    }
    throw new Error(`${String(pattern)} is not on the screen:\n${screen ?? 'the agent has ended'}`);
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-S', this.#socket, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}
