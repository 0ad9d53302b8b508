import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { cliFile } from '../helpers/program/run.ts';
import { freePort } from '../helpers/free-port.ts';
import { Due } from './due.ts';
import type { Sandbox } from './sandbox.ts';
import type { ServedCall } from './scripted-api.ts';
import { requestsIn } from './transcripts.ts';

interface Cause {
  cause: string;
  count: number;
  costNanoUsd: number | null;
  querySource: string | null;
  requestIds: string[];
}

interface Covered {
  key: { session: string };
  source: string | null;
  unattributedCostNanoUsd: number;
  explainedCostNanoUsd: number;
  unexplainedCostNanoUsd: number;
  lostRequests: number;
  causes: Cause[];
}

export interface Coverage {
  totals: Covered & { silentSessions: number; sessions: number };
  groups: Covered[];
  lost: { id: string; toldBy: string }[];
}

/** The output of `tallyhook coverage` on a machine, by session. */
export function coverageOf(box: Sandbox): Coverage {
  const args = [cliFile, 'coverage', '--by', 'session', '--json'];
  const run = spawnSync(process.execPath, args, { env: box.env, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`coverage failed: ${run.stderr}`);
  return JSON.parse(run.stdout) as Coverage;
}

/** The difference of each session that has one. */
export function differencesIn({ groups }: Coverage): Record<string, number> {
  return Object.fromEntries(
    groups
      .filter(({ unattributedCostNanoUsd }) => unattributedCostNanoUsd !== 0)
      .map(({ key, unattributedCostNanoUsd }) => [key.session, unattributedCostNanoUsd]),
  );
}

/** Calls that were served and billed, but that no line of a transcript shows. */
export function unseenCalls(box: Sandbox): ServedCall[] {
  const seen = requestsIn(box);
  return box.calls.filter(({ status, requestId }) => status === 200 && !seen.has(requestId));
}

/** The cost of such calls by session. */
export function costBySession(box: Sandbox, calls: ServedCall[]): Record<string, number> {
  const due = new Due(box.calls, new Map());
  const sums: Record<string, number> = {};
  for (const call of calls) {
    const { costNanoUsd } = due.recordOf(call, false);
    sums[call.sessionId] = (sums[call.sessionId] ?? 0) + costNanoUsd;
  }
  return sums;
}

/** Starts `tallyhook serve` on the machine, and makes its client send telemetry to it. */
export async function receiveTelemetry(box: Sandbox): Promise<void> {
  const port = String(await freePort());
  const run = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [cliFile, 'serve', '--port', port, ...args], { env: box.env });
  const printed = await outputOf(run('--telemetry'), '\n}');
  const { env } = JSON.parse(printed) as { env: object };
  // In Claude Code's settings, as a user would configure it.
  const path = join(box.env['HOME'] ?? '', '.claude/settings.json');
  const settings = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...settings, env }));
  const server = run();
  onTestFinished(async () => {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'close');
  });
  await outputOf(server, 'token=');
}

/** @throws if the program ends before it has printed its address */
async function outputOf(program: ChildProcess, until: string): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    program.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes(until)) resolve(text);
    });
    program.once('close', (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });
}
