import { DAY_MS, MINUTE_MS } from '../core/time/units.ts';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DEFAULT_AGENT } from '../agents/registry.ts';
import { channelStates } from '../alerts/channel-states.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import { type Finding, failure, warning, ok } from '../core/finding.ts';
import {
  hookLogPath,
  projectsFolders,
  spoolFolder,
  clientConfigFolders,
} from '../sources/machine/paths.ts';
import { readLog } from '../sources/machine/diagnostics.ts';
import { allTranscripts } from '../sources/transcripts/tree.ts';
import {
  type LedgerTimes,
  exposedFiles,
  fileFault,
  ledgerTimes,
} from '../store/connection/inspect.ts';
import { NewerLedgerError } from '../store/connection/open.ts';
import { explainLedgerTrouble } from '../store/connection/trouble.ts';
import { LedgerReader } from '../store/reader.ts';
import { Spool } from '../store/ingest/spool.ts';
import type { DoctorContext } from './context.ts';

const IMPORT = 'tallyhook import && tallyhook doctor';

/** The file: is it there, of a schema that is known, whole, and for its owner alone. */
export function checkLedger({ ledger, ledgerPath }: DoctorContext): Finding[] {
  if (ledger.kind === 'none') {
    const means = 'The first hook or command makes it.';
    return [warning('ledger', `there is none yet at ${ledgerPath}`, means, IMPORT)];
  }
  if (ledger.kind === 'unusable') return [unusable(ledger.error, ledgerPath)];
  const findings: Finding[] = [];
  const broken = fileFault(ledger.db);
  if (broken !== null) {
    const means = 'What SQLite can not read there is lost to reports.';
    const mend = `mv ${ledgerPath} ${ledgerPath}.broken && ${IMPORT}`;
    findings.push(failure('ledger', `${ledgerPath} is broken: ${broken}`, means, mend));
  }
  const exposed = exposedFiles(ledgerPath);
  if (exposed.length > 0) {
    const means = 'Other users of this machine can see what you spent, and on what.';
    const [folder] = exposed;
    const isFolder = folder === dirname(ledgerPath);
    const mend = isFolder
      ? `chmod 700 ${folder} && chmod 600 ${exposed.slice(1).join(' ')}`
      : `chmod 600 ${exposed.join(' ')}`;
    findings.push(failure('permissions', `others may read ${exposed.join(', ')}`, means, mend));
  }
  if (findings.length > 0) return findings;
  const { requests } = ledgerTimes(ledger.db);
  return [ok('ledger', `${ledgerPath}: whole, private, ${requests} requests`)];
}

/** A ledger that can't be opened: what commands would say of it, and what it means for hooks. */
function unusable(error: unknown, path: string): Finding {
  const trouble = explainLedgerTrouble(error, path);
  const means =
    error instanceof NewerLedgerError
      ? 'Another tallyhook wrote it; this one leaves it alone, and its hooks spool.'
      : 'Hooks can not write it: what they read waits in the spool.';
  if (trouble !== null) return failure('ledger', trouble.message, means, trouble.remedy);
  const problem = toErrorMessage(error);
  const isOld = problem.startsWith('it has schema');
  const mend = isOld
    ? IMPORT
    : `ls -l ${path}; where the file is broken move it away: transcripts that still exist are read again`;
  return failure('ledger', `can't open ${path}: ${problem}`, means, mend);
}

/** What could not be written when it was read. */
export function checkSpool({ ledgerPath, nowMs }: DoctorContext): Finding[] {
  const folder = spoolFolder(ledgerPath);
  const spool = new Spool(folder);
  const waiting = checkWaiting(spool.names(), folder, nowMs);
  const { setAside, unfinished } = spool.leftovers(nowMs);
  const lost = [...setAside, ...unfinished];
  if (lost.length === 0) return waiting;
  const found = `${lost.length} ${lost.length === 1 ? 'file' : 'files'} in ${folder} could not be recorded: ${lost.slice(0, 3).join(', ')}${lost.length > 3 ? ', ...' : ''}`;
  const means =
    'They are torn, or were written by another program. What they held is missing unless a transcript has it.';
  const mend = `tallyhook verify, then rm ${folder}/*.unreadable ${folder}/*.part`;
  return [...waiting.filter(({ state }) => state !== 'ok'), failure('spool', found, means, mend)];
}

function checkWaiting(names: string[], folder: string, nowMs: number): Finding[] {
  const [oldest] = names;
  if (oldest === undefined) return [ok('spool', 'nothing waits')];
  const age = formatAge(nowMs - Number(oldest.split('-')[0]));
  const found = `${names.length} ${names.length === 1 ? 'batch waits' : 'batches wait'} in ${folder}, the oldest for ${age}`;
  const means = 'Hooks could not write the ledger then; reports miss this until it is written.';
  return [failure('spool', found, means, IMPORT)];
}

/** Transcripts are where everything comes from. */
export function checkTranscripts(place: DoctorContext): Finding[] {
  const folders = projectsFolders(place.env);
  const newest = newestTranscript(folders);
  if (newest === null) {
    const looked = clientConfigFolders(place.env).map((folder) => `${folder}/projects`);
    const means = 'There is nothing to read: no session was kept, or the client writes elsewhere.';
    const mend = 'Work with Claude Code once, or set CLAUDE_CONFIG_DIR to its folder';
    return [failure('transcripts', `none in ${looked.join(', ')}`, means, mend)];
  }
  const count = `${newest.count} in ${folders.join(', ')}`;
  const age = formatAge(place.nowMs - newest.modifiedAtMs);
  return [
    ok('transcripts', `${count}, the newest written ${age} ago`),
    ...checkEvents(place, newest),
  ];
}

/** Hooks that are registered and tell nothing while sessions go on. */
function checkEvents(
  { ledger, registration, nowMs }: DoctorContext,
  newest: { modifiedAtMs: number },
): Finding[] {
  if (ledger.kind !== 'open' || registration.hooks.length === 0) return [];
  const { lastEventAtMs } = ledgerTimes(ledger.db);
  if (lastEventAtMs === null) {
    const means = 'A client that runs already takes hooks up when it is started again.';
    return [warning('events', 'no hook has told of anything yet', means)];
  }
  const found = `the last hook event came ${formatAge(nowMs - lastEventAtMs)} ago`;
  if (newest.modifiedAtMs - lastEventAtMs < 10 * MINUTE_MS) return [ok('events', found)];
  const means =
    'A session went on after that without telling hooks: it was started before them, or does not heed these settings (--bare, --settings).';
  return [warning('events', found, means, 'Start the client again')];
}

function newestTranscript(folders: string[]): { count: number; modifiedAtMs: number } | null {
  const paths = folders.flatMap((folder) => allTranscripts(DEFAULT_AGENT, folder));
  if (paths.length === 0) return null;
  const times = paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return { count: paths.length, modifiedAtMs: times.reduce((a, b) => Math.max(a, b), 0) };
}

/** A clock that was set back puts today's requests before yesterday's, and into another day. */
export function checkClock({ ledger, nowMs, env }: DoctorContext): Finding[] {
  const times: LedgerTimes | null = ledger.kind === 'open' ? ledgerTimes(ledger.db) : null;
  const modifiedAtMs = newestTranscript(projectsFolders(env))?.modifiedAtMs ?? 0;
  const known = [times?.lastEventAtMs ?? 0, times?.lastRequestAtMs ?? 0, modifiedAtMs];
  const newestMs = Math.max(...known);
  if (newestMs - nowMs < 5 * MINUTE_MS) {
    return [ok('clock', `${new Date(nowMs).toISOString()}, after everything recorded`)];
  }
  const found = `it is ${new Date(nowMs).toISOString()} here, and something was recorded at ${new Date(newestMs).toISOString()}`;
  const means =
    'The clock is behind, or was ahead: days, budgets and prices by date go wrong with it.';
  const mend = 'timedatectl set-ntp true (Linux), sudo sntp -sS time.apple.com (macOS)';
  return [failure('clock', found, means, mend)];
}

export async function checkPrices({ ledger }: DoctorContext): Promise<Finding[]> {
  if (ledger.kind !== 'open') return [];
  const unknown = await new LedgerReader(ledger.db).unknownPrices();
  if (unknown.length === 0) return [ok('prices', 'every recorded model has a price')];
  const names = unknown.map(({ model, requests }) => `${model} (${requests} requests)`);
  const shown =
    names.slice(0, 3).join(', ') + (names.length > 3 ? `, ${names.length - 3} more` : '');
  const means = 'They are counted at a guess, marked ~, or not at all.';
  const mend = 'tallyhook pricing update && tallyhook reprice';
  return [failure('prices', `no price for ${shown}`, means, mend)];
}

export function checkAlerts({ ledger, settings, env }: DoctorContext): Finding[] {
  if (ledger.kind !== 'open') return [];
  const channels = channelStates(ledger.db, settings, env);
  const failing = channels.flatMap(({ channel, isOn, problem }) => {
    if (!isOn || problem === null) return [];
    const means = 'Its alerts wait, and are given up after a day.';
    return [failure('alerts', `${channel}: ${problem}`, means, `tallyhook alerts test ${channel}`)];
  });
  const on = channels.filter(({ isOn }) => isOn).map(({ channel }) => channel);
  if (failing.length > 0 || on.length === 0) return failing;
  return [ok('alerts', `${on.join(', ')}: nothing is known to be wrong`)];
}

export function checkSettings({ settings }: DoctorContext): Finding[] {
  const { warnings } = settings;
  if (warnings.length === 0) return [ok('settings', 'every setting can be read')];
  const means = 'What is malformed does not count.';
  return warnings.map((warning) => failure('settings', warning, means, 'tallyhook config show'));
}

/** What hooks complained of lately; they say it nowhere else. */
export function checkHookLog({ ledgerPath, nowMs }: DoctorContext): Finding[] {
  const path = hookLogPath(ledgerPath);
  const recent = (readLog(path) ?? '').split('\n').filter((line) => {
    const at = Date.parse(line.split(' ')[0] ?? '');
    return nowMs - at < 7 * DAY_MS;
  });
  const last = recent.at(-1);
  if (last === undefined) return [];
  const found = `${recent.length} lines in a week, the last: ${last.slice(0, 200)}`;
  return [warning('hook-log', found, 'What could not be written then was spooled.', `cat ${path}`)];
}

function formatAge(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE_MS));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2 * 24 * 60
    ? `${Math.floor(minutes / 60)} h`
    : `${Math.floor(minutes / 60 / 24)} days`;
}
