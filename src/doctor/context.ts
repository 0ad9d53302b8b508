import type { AllSettings } from '../sources/settings/all.ts';
import type { Environment } from '../sources/machine/paths.ts';
import type { LedgerHealth } from '../store/connection/inspect.ts';
import type { RegisteredHooks } from './registration.ts';

/** What the checks look at: one machine, one user, one folder, one moment. */
export interface DoctorContext {
  env: Environment;
  cwd: string;
  nowMs: number;
  settings: AllSettings['settings'];
  ledgerPath: string;
  ledger: LedgerHealth;
  /** What the client's settings and plugins say of our hooks. */
  registration: RegisteredHooks;
}
