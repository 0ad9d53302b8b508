import { type Finding, type HookRun, failure } from '../core/finding.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import type { Environment } from '../sources/machine/paths.ts';
import { openForInspection } from '../store/connection/inspect.ts';
import { checkAgents } from './agents.ts';
import {
  checkCleanup,
  checkHooks,
  checkServer,
  checkSettingsFiles,
  checkStatusline,
  checkSwitches,
} from './client.ts';
import { checkHookRuns } from './hook-run.ts';
import {
  checkAlerts,
  checkClock,
  checkHookLog,
  checkLedger,
  checkPrices,
  checkSettings,
  checkSpool,
} from './ledger.ts';
import { checkTranscripts } from './transcripts.ts';
import type { DoctorContext } from './context.ts';
import { readRegistration } from './registration.ts';
import { checkAddon, checkNodes, checkPrograms } from './node-binaries.ts';

export interface Diagnosis {
  findings: Finding[];
  hookRuns: HookRun[];
}

type Check = (context: DoctorContext) => Finding[] | Promise<Finding[]>;

/** In order of dependency: what a check relies on is checked before it. */
const CHECKS: [name: string, check: Check][] = [
  ['node', checkNodes],
  ['addon', checkAddon],
  ['client-settings', checkSettingsFiles],
  ['switches', checkSwitches],
  ['hooks', checkHooks],
  ['paths', checkPrograms],
  ['server', checkServer],
  ['statusline', checkStatusline],
  ['agents', checkAgents],
];
const LEDGER_CHECKS: [name: string, check: Check][] = [
  ['ledger', checkLedger],
  ['spool', checkSpool],
  ['transcripts', checkTranscripts],
  ['cleanup', checkCleanup],
  ['clock', checkClock],
  ['prices', checkPrices],
  ['alerts', checkAlerts],
  ['settings', checkSettings],
  ['hook-log', checkHookLog],
];

/** Runs every check. Writes only to a scratch folder, which is deleted afterwards. Never throws. */
export async function diagnose(
  env: Environment,
  cwd: string,
  settings: DoctorContext['settings'],
  ledgerPath: string,
  nowMs: number,
): Promise<Diagnosis> {
  const ledger = openForInspection(ledgerPath, 1000);
  const registration = readRegistration(env, cwd);
  const context = { env, cwd, nowMs, settings, ledgerPath, ledger, registration };
  const hookRuns: HookRun[] = [];
  const run: Check = (at) => {
    const { findings, runs } = checkHookRuns(at);
    hookRuns.push(...runs);
    return findings;
  };
  const findings: Finding[] = [];
  try {
    for (const [name, check] of [...CHECKS, ['hook-run', run] as const, ...LEDGER_CHECKS]) {
      findings.push(...(await runCheck(name, check, context)));
    }
  } finally {
    if (ledger.kind === 'open') ledger.db.close();
  }
  return { findings, hookRuns };
}

/** A check that throws is reported as failed. */
async function runCheck(name: string, check: Check, context: DoctorContext): Promise<Finding[]> {
  try {
    return await check(context);
  } catch (error) {
    const impact = 'The check itself could not be run.';
    return [failure(name, toErrorMessage(error), impact, 'tallyhook verify')];
  }
}
