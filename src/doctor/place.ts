import type { AllSettings } from '../sources/all-settings.ts';
import type { Environment } from '../sources/paths.ts';
import type { LedgerHealth } from '../store/health.ts';
import type { Registration } from './registration.ts';

/** What the checks look at: one machine, one user, one folder, one moment. */
export interface Place {
  env: Environment;
  cwd: string;
  nowMs: number;
  settings: AllSettings['settings'];
  ledgerPath: string;
  ledger: LedgerHealth;
  /** What the client's settings and plugins say of our hooks. */
  registration: Registration;
}
