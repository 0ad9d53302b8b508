import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finding, type HookRun, failure, warning, ok } from '../core/finding.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import { shellCommand } from '../agents/claude-code/own-command.ts';
import { hasCodeCaches } from '../sources/machine/code-cache.ts';
import { hookFilePath, packageFolder } from '../sources/machine/paths.ts';
import { ledgerTimes, openForInspection } from '../store/connection/inspect.ts';
import type { DoctorContext } from './context.ts';

/** As long as the client would wait for it at a tool call. */
const TIMEOUT_MS = 30_000;

/** Each way in which the hook is registered, or that it would be: run once, for real. */
export function hookCommands({
  registration,
}: DoctorContext): { command: string; root: string | null }[] {
  const found = new Map<string, string | null>();
  for (const { command, pluginRoot } of registration.hooks) {
    if (command !== null) found.set(command, pluginRoot);
  }
  if (found.size === 0) found.set(shellCommand([process.execPath, hookFilePath()]), null);
  return [...found].map(([command, root]) => ({ command, root }));
}

/** Runs the hook as the client does, on a sample event, with a ledger of its own. */
export function checkHookRuns(place: DoctorContext): { findings: Finding[]; runs: HookRun[] } {
  const findings: Finding[] = [];
  const runs: HookRun[] = [];
  for (const { command, root } of hookCommands(place)) {
    const result = runHook(place, command, root);
    if (result.run !== null) runs.push(result.run);
    findings.push(...result.findings);
  }
  if (!hasCodeCaches()) {
    const found = `there is no code cache for Node ${process.version}`;
    const means = 'Each start of the hook takes some 10 ms more than it has to.';
    findings.push(warning('hook-run', found, means, 'tallyhook hook-path --prepare'));
  }
  return { findings, runs };
}

function runHook(
  { env }: DoctorContext,
  command: string,
  root: string | null,
): { findings: Finding[]; run: HookRun | null } {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-doctor-'));
  try {
    const ledger = join(folder, 'telemetry.db');
    const scratch = scratchEnvironment(env, folder, ledger, root);
    const input = JSON.stringify(sampleEvent(folder));
    const shell = ['-c', command];
    // The first one makes its ledger, as the first of a machine does; the second is the usual one.
    spawnSync('/bin/sh', shell, {
      env: scratch,
      input: sampleWithoutTranscript(folder),
      timeout: TIMEOUT_MS,
    });
    const startedAt = performance.now();
    const ran = spawnSync('/bin/sh', shell, {
      env: scratch,
      input,
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
    });
    const durationMs = performance.now() - startedAt;
    const bareNodeMs = Math.min(...[1, 2, 3].map(() => bareNode(scratch)));
    const requests = requestsIn(ledger);
    const run = { command, durationMs: round(durationMs), bareNodeMs: round(bareNodeMs), requests };
    return { findings: [judged(run, ran, folder)], run };
  } catch (error) {
    const means = 'It could not be tried.';
    return {
      findings: [failure('hook-run', toErrorMessage(error), means, 'tallyhook doctor')],
      run: null,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judged(
  run: HookRun,
  ran: { status: number | null; stdout: string; stderr: string; error?: Error | undefined },
  folder: string,
): Finding {
  const { command, durationMs, bareNodeMs, requests } = run;
  const again = 'tallyhook init';
  const said = `${ran.stdout}${ran.stderr}`.trim().split('\n')[0]?.slice(0, 200) ?? '';
  if (ran.error !== undefined || ran.status !== 0) {
    const how = ran.error === undefined ? `ended with ${ran.status}` : toErrorMessage(ran.error);
    const found = `${command} ${how}${said === '' ? '' : `: ${said}`}`;
    return failure('hook-run', found, 'The client shows an error, and nothing is recorded.', again);
  }
  if (said !== '') {
    const means = 'The client may show this to you or give it to the model.';
    return failure('hook-run', `${command} printed: ${said}`, means, again);
  }
  if (requests === 0) {
    const why =
      lastProblem(folder) ??
      (existsSync(join(folder, 'spool')) ? 'it spooled' : 'no reason is in its log');
    const found = `${command} recorded nothing of a sample event: ${why}`;
    const means =
      'What it reads waits in the spool, or is read by the next command; nothing is lost.';
    return failure('hook-run', found, means, 'npm rebuild better-sqlite3, then tallyhook doctor');
  }
  return ok(
    'hook-run',
    `recorded a sample event in ${durationMs} ms (starting Node alone: ${bareNodeMs} ms), and said nothing`,
  );
}

/** The machine is busy with other things at times: the least of several is what it takes. */
function bareNode(env: NodeJS.ProcessEnv): number {
  const startedAt = performance.now();
  spawnSync(process.execPath, ['-e', '0'], { env });
  return performance.now() - startedAt;
}

function requestsIn(ledger: string): number {
  const health = openForInspection(ledger, 1000);
  if (health.kind !== 'open') return 0;
  try {
    return ledgerTimes(health.db).requests;
  } finally {
    health.db.close();
  }
}

/** Why the hook could not do it, in its own words. */
function lastProblem(folder: string): string | null {
  try {
    const lines = readFileSync(join(folder, 'hook.log'), 'utf8').trim().split('\n');
    return lines.at(-1)?.replace(/^\S+ /, '') ?? null;
  } catch {
    return null;
  }
}

/** Nothing of the user's is read or written: neither the settings nor the ledger nor transcripts. */
function scratchEnvironment(
  env: DoctorContext['env'],
  folder: string,
  ledger: string,
  root: string | null,
): NodeJS.ProcessEnv {
  const {
    TALLYHOOK_DISABLE: _off,
    TRACK_COSTS: _too,
    EXPORT_COSTS_ON_EXIT: _export,
    ...others
  } = env;
  const homes = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
  const plugin = root === null ? {} : { CLAUDE_PLUGIN_ROOT: root };
  return { ...others, ...homes, ...plugin, TELEMETRY_DB_PATH: ledger };
}

/** The recorded session that comes with tallyhook. */
function sampleEvent(folder: string): object {
  const projects = join(packageFolder(), 'fixtures/demo/projects/-home-user-invoices');
  const name = readdirSync(projects).find((entry) => entry.endsWith('.jsonl')) ?? '';
  return event(folder, join(projects, name));
}

function sampleWithoutTranscript(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return JSON.stringify(event(folder, join(folder, 'none.jsonl')));
}

function event(cwd: string, transcript_path: string): object {
  const tool = { tool_name: 'Bash', tool_use_id: 'doctor', duration_ms: 1 };
  return { hook_event_name: 'PostToolUse', session_id: 'doctor', transcript_path, cwd, ...tool };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
