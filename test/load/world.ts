import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closedEnvironment } from '../helpers/hook.ts';
import { hookFile } from '../helpers/program/run.ts';
import { assistantLine, promptLine, textOf } from '../helpers/transcripts.ts';

export const cliFile = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));

/** Sessions that go on while hooks run: their transcripts, and what is in them. */
export class World {
  readonly env: Record<string, string>;
  readonly ledger: string;
  readonly projects: string;
  /** Message ids written so far: each is one request. */
  readonly messages: string[] = [];
  readonly #folder: string;
  #serial = 0;
  #walBytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.ledger = join(folder, 'telemetry.db');
    this.projects = join(folder, 'projects');
    this.env = closedEnvironment({ HOME: folder, TELEMETRY_DB_PATH: this.ledger });
  }

  transcript(session: number): string {
    return join(this.projects, `p${session % 4}`, `session-${session}.jsonl`);
  }

  /** A turn of a session: a streamed partial, the final lines, and every third time a subagent's. */
  turn(session: number): void {
    const n = this.#serial++;
    const name = `session-${session}`;
    const request = { session: name, message: `m${n}`, request: `r${n}`, at: n };
    const lines = [
      ...(n % 8 === 0 ? [promptLine(name, n, `p${n}`)] : []),
      assistantLine({ ...request, output: 1, stop: null }),
      assistantLine({ ...request, output: 100 + n, tools: [{ id: `t${n}`, name: 'Bash' }] }),
    ];
    this.#append(this.transcript(session), textOf(lines));
    this.messages.push(`m${n}`);
    if (n % 3 !== 0) return;
    const agent = assistantLine({
      ...request,
      message: `a${n}`,
      agent: `agent${session}`,
      read: n,
    });
    const path = this.transcript(session).replace(/\.jsonl$/, `/subagents/agent-a${session}.jsonl`);
    this.#append(path, textOf([agent]));
    this.messages.push(`a${n}`);
  }

  /** One hook on a session; killed after so many milliseconds if that is given. */
  hook(session: number, killAfterMs: number | null): Promise<void> {
    const event = {
      hook_event_name: 'PostToolUse',
      session_id: `session-${session}`,
      transcript_path: this.transcript(session),
      tool_name: 'Bash',
      tool_use_id: `t${this.#serial - 1}`,
      duration_ms: 3,
    };
    const child = spawn(process.execPath, [hookFile], {
      env: this.env,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    child.stdin.on('error', () => undefined).end(JSON.stringify(event));
    const timer =
      killAfterMs === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    return new Promise((resolve) => {
      child.on('close', () => {
        if (timer !== null) clearTimeout(timer);
        this.#walBytes = Math.max(this.#walBytes, this.logBytes());
        resolve();
      });
    });
  }

  /** The size of the write-ahead log at this moment, bytes. */
  logBytes(): number {
    return sizeOf(`${this.ledger}-wal`);
  }

  /** The largest that the log was seen, bytes. */
  get walBytes(): number {
    return this.#walBytes;
  }

  /** Starts a command of the command line; its output is collected. */
  start(...args: string[]): {
    child: ChildProcess;
    output: () => string;
    ended: Promise<number | null>;
  } {
    const child = spawn(process.execPath, [cliFile, ...args], { env: this.env, cwd: this.#folder });
    let text = '';
    child.stdout.on('data', (data: Buffer) => (text += data.toString()));
    child.stderr.on('data', (data: Buffer) => (text += data.toString()));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    return { child, output: () => text, ended };
  }

  #append(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, text);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
