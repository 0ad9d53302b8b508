import type { AllSettings } from '../sources/settings/all.ts';
import type { Environment } from '../sources/machine/paths.ts';
import type { LedgerHealth } from '../store/connection/inspect.ts';
import type { RegisteredHooks } from './registration.ts';

/** What every check is given: one machine, one user, one folder, one moment. */
export interface DoctorContext {
  env: Environment;
  cwd: string;
  nowMs: number;
  settings: AllSettings['settings'];
  ledgerPath: string;
  ledger: LedgerHealth;
  /** Our hooks as Claude Code's settings and plugins register them. */
  registration: RegisteredHooks;
}
