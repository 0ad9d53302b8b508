import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finding, type HookRun, failure, warning, ok } from '../core/finding.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import { shellCommand } from '../agents/shared/own-command.ts';
import { hasCodeCaches } from '../sources/machine/code-cache.ts';
import { hookFilePath, packageFolder } from '../sources/machine/paths.ts';
import { ledgerTimes, openForInspection } from '../store/connection/inspect.ts';
import type { DoctorContext } from './context.ts';

/** As long as Claude Code waits for the hook at a tool call. */
const TIMEOUT_MS = 30_000;

/** Each command that registers the hook; if none does, the one that `init` would register. */
export function hookCommands({
  registration,
}: DoctorContext): { command: string; root: string | null }[] {
  const roots = new Map<string, string | null>();
  for (const { command, pluginRoot } of registration.hooks) {
    if (command !== null) roots.set(command, pluginRoot);
  }
  if (roots.size === 0) roots.set(shellCommand([process.execPath, hookFilePath()]), null);
  return [...roots].map(([command, root]) => ({ command, root }));
}

/** Runs the hook as Claude Code does, on a sample event, with a scratch ledger. */
export function checkHookRuns(context: DoctorContext): { findings: Finding[]; runs: HookRun[] } {
  const findings: Finding[] = [];
  const runs: HookRun[] = [];
  for (const { command, root } of hookCommands(context)) {
    const result = runHook(context, command, root);
    if (result.run !== null) runs.push(result.run);
    findings.push(...result.findings);
  }
  if (!hasCodeCaches()) {
    const message = `there is no code cache for Node ${process.version}`;
    const impact = 'Each start of the hook takes about 10 ms longer than necessary.';
    findings.push(warning('hook-run', message, impact, 'tallyhook hook-path --prepare'));
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
    // The first run creates the ledger, as on a new machine; the second run is the typical one.
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
    return { findings: [toFinding(run, ran, folder)], run };
  } catch (error) {
    const impact = 'The hook could not be tested.';
    return {
      findings: [failure('hook-run', toErrorMessage(error), impact, 'tallyhook doctor')],
      run: null,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toFinding(
  run: HookRun,
  ran: { status: number | null; stdout: string; stderr: string; error?: Error | undefined },
  folder: string,
): Finding {
  const { command, durationMs, bareNodeMs, requests } = run;
  const reinstall = 'tallyhook init';
  const output = `${ran.stdout}${ran.stderr}`.trim().split('\n')[0]?.slice(0, 200) ?? '';
  if (ran.error !== undefined || ran.status !== 0) {
    const how =
      ran.error === undefined ? `exited with code ${ran.status}` : toErrorMessage(ran.error);
    const message = `${command} ${how}${output === '' ? '' : `: ${output}`}`;
    const impact = 'Claude Code shows an error, and nothing is recorded.';
    return failure('hook-run', message, impact, reinstall);
  }
  if (output !== '') {
    const impact = 'Claude Code may show this to you or give it to the model.';
    return failure('hook-run', `${command} printed: ${output}`, impact, reinstall);
  }
  if (requests === 0) {
    const reason =
      lastProblem(folder) ??
      (existsSync(join(folder, 'spool')) ? 'it wrote to the spool' : 'its log gives no reason');
    const message = `${command} recorded nothing from a test event: ${reason}`;
    const impact =
      'What it reads waits in the spool, or is read by the next command; nothing is lost.';
    return failure(
      'hook-run',
      message,
      impact,
      'npm rebuild better-sqlite3, then tallyhook doctor',
    );
  }
  return ok(
    'hook-run',
    `test event recorded in ${durationMs} ms (Node start-up is ${bareNodeMs} ms of it), no output`,
  );
}

/** Milliseconds. The caller takes the minimum of several, as the machine may be busy with other work. */
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

/** The last line that the hook wrote to its log, without the time; null if there is none. */
function lastProblem(folder: string): string | null {
  try {
    const lines = readFileSync(join(folder, 'hook.log'), 'utf8').trim().split('\n');
    return lines.at(-1)?.replace(/^\S+ /, '') ?? null;
  } catch {
    return null;
  }
}

/** An environment in which the hook neither reads nor writes the user's settings, ledger and transcripts. */
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

/** An event with the recorded session that is packaged with tallyhook. */
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
