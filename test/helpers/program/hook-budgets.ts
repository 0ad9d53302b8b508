import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { hookFile, SILENT, hook } from './run.ts';
import type { Home } from '../home.ts';
import { type RequestFacts, append, request, toolEvent, transcriptPath } from '../lines.ts';

/** Opus 4.5 costs 25 USD per million output tokens. */
const TOKENS_A_CENT = 400;

let serial = 0;

/** A request that costs `cents` and is not recorded yet. */
export function spend(home: Home, cents: number, over: Partial<RequestFacts> = {}): void {
  const session = over.session ?? 's1';
  const main = transcriptPath(home, session);
  const own = main.replace(/\.jsonl$/, `/subagents/agent-${over.agentId}.jsonl`);
  append(over.agentId === undefined ? main : own, costing(cents, { ...over, session }));
}

export function costing(cents: number, over: Partial<RequestFacts> & { session: string }): string {
  serial += 1;
  return request({
    id: `msg_${serial}`,
    input: 0,
    output: cents * TOKENS_A_CENT,
    at: new Date().toISOString(),
    tools: [[`toolu_${serial}`, 'Bash']],
    ...over,
  });
}

const BATCH = { tool_calls: [{ tool_name: 'Bash', tool_input: { command: 'ls' } }] };

function eventOf(home: Home, event: string, extra: object, session: string): object {
  return toolEvent(session, transcriptPath(home, session), {
    hook_event_name: event,
    ...(event === 'PostToolBatch' ? BATCH : {}),
    ...(event === 'UserPromptSubmit' ? { prompt: 'Go on.' } : {}),
    ...extra,
  });
}

function parsed(stdout: string): unknown {
  return stdout === '' ? null : JSON.parse(stdout);
}

/** The answer of the built hook; null if it is empty. */
export function ask(home: Home, event: string, extra: object = {}, session = 's1'): unknown {
  const { stdout, ...rest } = hook(home, eventOf(home, event, extra, session));
  expect({ ...rest, stdout: '' }).toEqual(SILENT);
  return parsed(stdout);
}

export interface Asked {
  pid: number;
  /** Its output; null if it is empty. */
  answer: unknown;
  signal: string | null;
}

/** The same, without waiting for it. @param killAfterMs when to kill it with SIGKILL, milliseconds */
export async function askBeside(
  home: Home,
  event: string,
  { extra = {}, session = 's1', killAfterMs }: Besides = {},
): Promise<Asked> {
  const child = spawn(process.execPath, [hookFile], {
    env: home.env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(eventOf(home, event, extra, session)));
  if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { pid: child.pid ?? 0, answer: parsed(stdout), signal };
}

interface Besides {
  extra?: object;
  session?: string;
  killAfterMs?: number;
}
