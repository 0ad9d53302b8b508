import { DAY_MS, MINUTE_MS } from '../core/time/units.ts';
import { dirname, join } from 'node:path';
import { channelStates } from '../alerts/channel-states.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import { type Finding, type VerifyCheck, failure, warning, ok } from '../core/finding.ts';
import { effectivePrices } from '../ingest/effective-prices.ts';
import { hookLogPath, spoolFolder } from '../sources/machine/paths.ts';
import { AGENTS } from '../agents/registry.ts';
import { searchPlaces } from '../sources/transcripts/places.ts';
import { readLog } from '../sources/machine/diagnostics.ts';
import {
  type LedgerTimes,
  exposedFiles,
  fileFault,
  ledgerTimes,
} from '../store/connection/inspect.ts';
import { NewerLedgerError } from '../store/connection/open.ts';
import { findPlaceTrouble } from '../store/connection/place.ts';
import { explainLedgerTrouble } from '../store/connection/trouble.ts';
import { verifyLedger, verifyQuickly } from '../store/verify/ledger.ts';
import { LedgerReader, type UnknownPrice } from '../store/reader.ts';
import { Spool } from '../store/ingest/spool.ts';
import type { DoctorContext } from './context.ts';
import { withCount } from './plural.ts';
import { formatAge } from './age.ts';
import { newestTranscript } from './transcripts.ts';

const IMPORT = 'tallyhook import && tallyhook doctor';

/** Checks that the ledger exists, has a supported schema, is intact, and is readable only by its owner. */
export function checkLedger({ ledger, ledgerPath, env, settings }: DoctorContext): Finding[] {
  const place = ledger.kind === 'unusable' ? null : findPlaceTrouble(ledgerPath);
  if (place !== null) {
    const message = `${ledgerPath} can't be written: ${place.reason}`;
    return [failure('ledger', message, impactOnHooks(ledgerPath), place.remedy)];
  }
  if (ledger.kind === 'none') {
    const impact = 'The first hook or command creates it.';
    return [warning('ledger', `${ledgerPath} does not exist yet`, impact, IMPORT)];
  }
  if (ledger.kind === 'unusable') return [toFinding(ledger.error, ledgerPath)];
  const findings: Finding[] = [];
  const damage = fileFault(ledger.db);
  if (damage !== null) {
    const impact = 'Reports lack whatever SQLite cannot read from it.';
    const fix = `mv ${ledgerPath} ${ledgerPath}.broken && ${IMPORT}`;
    findings.push(failure('ledger', `${ledgerPath} is damaged: ${damage}`, impact, fix));
  }
  const exposed = exposedFiles(ledgerPath);
  if (exposed.length > 0) {
    const impact = 'Other users of this machine can see what you spent, and on what.';
    const [folder] = exposed;
    const isFolder = folder === dirname(ledgerPath);
    const fix = isFolder
      ? `chmod 700 ${folder} && chmod 600 ${exposed.slice(1).join(' ')}`
      : `chmod 600 ${exposed.join(' ')}`;
    findings.push(failure('permissions', `others can read ${exposed.join(', ')}`, impact, fix));
  }
  if (findings.length > 0) return findings;
  const { requests } = ledgerTimes(ledger.db);
  const count = withCount(requests, 'request');
  const { prices } = effectivePrices(env, settings);
  const isSmall = requests <= MAX_SUMMED_REQUESTS;
  const checks = isSmall ? verifyLedger(ledger.db, prices) : verifyQuickly(ledger.db, prices);
  const faults = checks.filter(({ isSound }) => !isSound);
  if (faults.length > 0) return faults.map((fault) => contentFault(ledgerPath, fault));
  const unchecked = isSmall ? 'transcripts' : 'roll-ups and transcripts';
  const message = `${ledgerPath}: intact, private, ${count}; not compared with its ${unchecked} (tallyhook verify)`;
  return [ok('ledger', message)];
}

/** With more requests, adding them up again for every roll-up takes seconds. */
const MAX_SUMMED_REQUESTS = 50_000;

/** What `verify` finds as well. */
function contentFault(ledgerPath: string, { name, found }: VerifyCheck): Finding {
  const impact = 'Another program has changed the ledger, and reports may be wrong.';
  const fix = `tallyhook verify; to read the transcripts that still exist again: mv ${ledgerPath} ${ledgerPath}.broken && ${IMPORT}`;
  return failure('ledger', `${ledgerPath} has faults: ${name}: ${found}`, impact, fix);
}

/** For a ledger that can't be opened: the message that commands show, and what it means for hooks. */
function toFinding(error: unknown, path: string): Finding {
  const trouble = explainLedgerTrouble(error, path);
  const impact =
    error instanceof NewerLedgerError
      ? 'A newer tallyhook wrote it; this one leaves it alone, and its hooks write to the spool.'
      : impactOnHooks(path);
  if (trouble !== null) return failure('ledger', trouble.message, impact, trouble.remedy);
  const problem = toErrorMessage(error);
  const isOld = problem.startsWith('it has schema');
  const fix = isOld
    ? IMPORT
    : `ls -l ${path}; if the file is damaged, move it away: transcripts that still exist are read again`;
  return failure('ledger', `can't open ${path}: ${problem}`, impact, fix);
}

function impactOnHooks(path: string): string {
  return findPlaceTrouble(join(spoolFolder(path), 'batch')) === null
    ? 'Hooks cannot write to it: what they read waits in the spool.'
    : 'Hooks can write neither to it nor to the spool beside it: nothing is recorded.';
}

/** Finds batches that wait in the spool, and spool files that can't be recorded. */
export function checkSpool({ ledgerPath, nowMs }: DoctorContext): Finding[] {
  const folder = spoolFolder(ledgerPath);
  const spool = new Spool(folder);
  const waiting = checkWaiting(spool.names(), folder, nowMs);
  const { setAside, unfinished } = spool.leftovers(nowMs);
  const unreadable = [...setAside, ...unfinished];
  if (unreadable.length === 0) return waiting;
  const count = withCount(unreadable.length, 'file');
  const names = unreadable.slice(0, 3).join(', ') + (unreadable.length > 3 ? ', ...' : '');
  const message = `${count} in ${folder} could not be recorded: ${names}`;
  const impact =
    'They are incomplete, or another program wrote them. Their content is missing unless a transcript has it.';
  const fix = `tallyhook verify, then rm ${folder}/*.unreadable ${folder}/*.part`;
  return [...waiting.filter(({ state }) => state !== 'ok'), failure('spool', message, impact, fix)];
}

function checkWaiting(names: string[], folder: string, nowMs: number): Finding[] {
  const [oldest] = names;
  if (oldest === undefined) return [ok('spool', 'empty')];
  const age = formatAge(nowMs - Number(oldest.split('-')[0]));
  const message = `${names.length} ${names.length === 1 ? 'batch waits' : 'batches wait'} in ${folder}, the oldest for ${age}`;
  const impact =
    'Hooks could not write to the ledger; reports lack these requests until the batches are imported.';
  return [failure('spool', message, impact, IMPORT)];
}

/** A clock that was set back dates today's requests before yesterday's, and to another day. */
export function checkClock({ ledger, nowMs, env }: DoctorContext): Finding[] {
  const times: LedgerTimes | null = ledger.kind === 'open' ? ledgerTimes(ledger.db) : null;
  const modifiedAtMs = newestTranscript(searchPlaces(AGENTS, env).places)?.modifiedAtMs ?? 0;
  const recorded = [times?.lastEventAtMs ?? 0, times?.lastRequestAtMs ?? 0, modifiedAtMs];
  const newestMs = Math.max(...recorded);
  if (newestMs - nowMs < 5 * MINUTE_MS) {
    return [ok('clock', `${new Date(nowMs).toISOString()}, after everything recorded`)];
  }
  const message = `the clock says ${new Date(nowMs).toISOString()}, but the latest record is from ${new Date(newestMs).toISOString()}`;
  const impact =
    'The clock is behind, or was ahead earlier: days, budgets and dated prices can be wrong.';
  const fix = 'timedatectl set-ntp true (Linux), sudo sntp -sS time.apple.com (macOS)';
  return [failure('clock', message, impact, fix)];
}

export async function checkPrices({ ledger }: DoctorContext): Promise<Finding[]> {
  if (ledger.kind !== 'open') return [];
  const all = await new LedgerReader(ledger.db).unknownPrices();
  const unmetered = all.filter(({ priceBasis }) => priceBasis === 'unmetered');
  const unknown = all.filter(({ priceBasis }) => priceBasis !== 'unmetered');
  return [...listUnknownPrices(unknown), ...listUnmetered(unmetered)];
}

function listUnmetered(unmetered: readonly UnknownPrice[]): Finding[] {
  if (unmetered.length === 0) return [];
  const message = `no readable token counts for ${modelList(unmetered)}`;
  const impact = 'Their cost is not known and counts as zero.';
  const fix = "Check that the gateway passes on each response's usage.";
  return [warning('prices', message, impact, fix)];
}

function listUnknownPrices(unknown: readonly UnknownPrice[]): Finding[] {
  if (unknown.length === 0) return [ok('prices', 'every recorded model has a price')];
  const impact = 'Their cost is an estimate, marked ~, or is not counted at all.';
  const fix = 'tallyhook pricing update && tallyhook reprice';
  return [failure('prices', `no price for ${modelList(unknown)}`, impact, fix)];
}

function modelList(models: readonly UnknownPrice[]): string {
  const names = models.map(({ model, requests }) => `${model} (${withCount(requests, 'request')})`);
  return names.slice(0, 3).join(', ') + (names.length > 3 ? `, ${names.length - 3} more` : '');
}

export function checkAlerts({ ledger, settings, env }: DoctorContext): Finding[] {
  if (ledger.kind !== 'open') return [];
  const channels = channelStates(ledger.db, settings, env);
  const failing = channels.flatMap(({ channel, isOn, problem }) => {
    if (!isOn || problem === null) return [];
    const impact = 'Its alerts wait, and are dropped after a day.';
    return [
      failure('alerts', `${channel}: ${problem}`, impact, `tallyhook alerts test ${channel}`),
    ];
  });
  const on = channels.filter(({ isOn }) => isOn).map(({ channel }) => channel);
  if (failing.length > 0 || on.length === 0) return failing;
  return [ok('alerts', `${on.join(', ')}: no known problems`)];
}

export function checkSettings({ settings }: DoctorContext): Finding[] {
  const { warnings } = settings;
  if (warnings.length === 0) return [ok('settings', 'all settings are valid')];
  const impact = 'Malformed settings are ignored.';
  return warnings.map((warning) => failure('settings', warning, impact, 'tallyhook config show'));
}

/** What hooks logged in the last seven days; they report it nowhere else. */
export function checkHookLog({ ledgerPath, nowMs }: DoctorContext): Finding[] {
  const path = hookLogPath(ledgerPath);
  const recent = (readLog(path) ?? '').split('\n').filter((line) => {
    const at = Date.parse(line.split(' ')[0] ?? '');
    return nowMs - at < 7 * DAY_MS;
  });
  const last = recent.at(-1);
  if (last === undefined) return [];
  const count = withCount(recent.length, 'line');
  const message = `${count} in the last 7 days, the latest: ${last.slice(0, 200)}`;
  const impact = 'What could not be written to the ledger is in the spool.';
  return [warning('hook-log', message, impact, `cat ${path}`)];
}
