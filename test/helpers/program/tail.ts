import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import type { Home } from '../home.ts';
import { type Run, SILENT, cliFile, hook, hookFile } from './run.ts';
import { type RequestFacts, append, request, toolEvent, transcriptPath } from '../lines.ts';

/** Far longer than anything takes to be shown. */
const LATE_MS = 45_000;

/** A running `tallyhook tail`. */
export class Tail {
  readonly #child: ChildProcess;
  readonly #closed: Promise<Pick<Run, 'status' | 'signal'>>;
  stdout = '';
  stderr = '';

  constructor(home: Home, args: string[], env: Record<string, string> = {}) {
    this.#child = spawn(process.execPath, [cliFile, 'tail', ...args], {
      cwd: home.folder,
      env: { ...home.env, ...env },
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.#closed = new Promise((resolve) => {
      this.#child.on('close', (status, signal) => resolve({ status, signal }));
    });
    onTestFinished(() => void this.#child.kill('SIGKILL'));
  }

  /** The complete lines so far. */
  lines(): string[] {
    return this.stdout.split('\n').slice(0, -1);
  }

  /** Message ids in the order in which `--json` showed them. */
  ids(): unknown[] {
    return this.lines().map((line) => (JSON.parse(line) as { messageId: unknown }).messageId);
  }

  /** Waits until the output contains the text. */
  async shows(text: string): Promise<void> {
    await this.#comesTo(text, () => this.stdout.includes(text));
  }

  /** Waits for `count` complete lines. */
  async showsLines(count: number): Promise<void> {
    await this.#comesTo(`line ${count}`, () => this.lines().length >= count);
  }

  async #comesTo(what: string, isThere: () => boolean): Promise<void> {
    const deadline = Date.now() + LATE_MS;
    while (!isThere()) {
      if (Date.now() > deadline)
        throw new Error(`${what} never came, but: ${this.stdout}${this.stderr}`);
      await pause(20);
    }
  }

  /** Ends it as Ctrl-C does, and waits for the end. */
  async end(signal: 'SIGINT' | 'SIGTERM' = 'SIGINT'): Promise<Run> {
    this.#child.kill(signal);
    return { ...(await this.#closed), stdout: this.stdout, stderr: this.stderr };
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/**
 * Starts tail and waits until it follows the ledger: until it has shown a request of a separate session, which
 * the caller does not see.
 */
export async function startTail(
  home: Home,
  args: string[],
  env?: Record<string, string>,
): Promise<Tail> {
  const tail = new Tail(home, args, env);
  for (let tries = 0; tail.stdout === ''; tries++) {
    if (tries > 20) throw new Error(`tail never looked: ${tail.stderr}`);
    record(home, {
      session: 'ready',
      id: `msg_ready_${tries}`,
      model: 'claude-haiku-4-5',
      input: 0,
      output: 0,
    });
    await pause(400);
  }
  await pause(400);
  tail.stdout = '';
  return tail;
}

/** Appends a request to its session's transcript and runs the hook on it. */
export function record(home: Home, facts: RequestFacts): void {
  const path = append(transcriptPath(home, facts.session), request(facts));
  const run = hook(home, toolEvent(facts.session, path));
  if (run.status !== SILENT.status || run.stdout !== '') throw new Error(JSON.stringify(run));
}

/** The same, several hooks at once. */
export async function recordAtOnce(home: Home, all: RequestFacts[]): Promise<void> {
  const runs = all.map((facts) => {
    const path = append(transcriptPath(home, facts.session), request(facts));
    const child = spawn(process.execPath, [hookFile], {
      env: home.env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.end(JSON.stringify(toolEvent(facts.session, path)));
    return new Promise((resolve) => {
      child.on('close', resolve);
    });
  });
  await Promise.all(runs);
}

/** What tail shows after `what` was done, up to the request `last` that follows. */
export async function shownBy(
  tail: Tail,
  what: () => void | Promise<void>,
  last: string,
): Promise<unknown[]> {
  await what();
  await tail.shows(last);
  // A request that is shown twice would have been shown again by now.
  await pause(700);
  return tail.ids();
}
