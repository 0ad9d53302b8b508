import { type Finding, type HookRun, failure } from '../core/finding.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import type { Environment } from '../sources/machine/paths.ts';
import { openForInspection } from '../store/connection/inspect.ts';
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
  checkTranscripts,
} from './ledger.ts';
import type { DoctorContext } from './context.ts';
import { readRegistration } from './registration.ts';
import { checkAddon, checkNodes, checkPrograms } from './node-binaries.ts';

export interface Diagnosis {
  findings: Finding[];
  hookRuns: HookRun[];
}

type Check = (place: DoctorContext) => Finding[] | Promise<Finding[]>;

/** In the order in which one thing needs the other. */
const CHECKS: [name: string, check: Check][] = [
  ['node', checkNodes],
  ['addon', checkAddon],
  ['client-settings', checkSettingsFiles],
  ['switches', checkSwitches],
  ['hooks', checkHooks],
  ['paths', checkPrograms],
  ['server', checkServer],
  ['statusline', checkStatusline],
];
const OF_THE_LEDGER: [name: string, check: Check][] = [
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

/** Makes every check. Reads only, but for a scratch folder that is gone afterwards. Never throws. */
export async function diagnose(
  env: Environment,
  cwd: string,
  settings: DoctorContext['settings'],
  ledgerPath: string,
  nowMs: number,
): Promise<Diagnosis> {
  const ledger = openForInspection(ledgerPath, 1000);
  const registration = readRegistration(env, cwd);
  const place = { env, cwd, nowMs, settings, ledgerPath, ledger, registration };
  const hookRuns: HookRun[] = [];
  const run: Check = (at) => {
    const { findings, runs } = checkHookRuns(at);
    hookRuns.push(...runs);
    return findings;
  };
  const findings: Finding[] = [];
  try {
    for (const [name, check] of [...CHECKS, ['hook-run', run] as const, ...OF_THE_LEDGER]) {
      findings.push(...(await checked(name, check, place)));
    }
  } finally {
    if (ledger.kind === 'open') ledger.db.close();
  }
  return { findings, hookRuns };
}

/** A check that can't be made has found a fault. */
async function checked(name: string, check: Check, place: DoctorContext): Promise<Finding[]> {
  try {
    return await check(place);
  } catch (error) {
    const means = 'The check itself could not be made.';
    return [failure(name, toErrorMessage(error), means, 'tallyhook verify')];
  }
}
