import { UserError } from '../../core/lang/user-error.ts';
import { explainLedgerTrouble } from '../../store/connection/trouble.ts';
import { currentLedgerPath } from './settings.ts';

/** An unexpected SQLite error as one line with its remedy; null for any other error. */
export function ledgerUserError(error: unknown): UserError | null {
  const trouble = explainLedgerTrouble(error, currentLedgerPath());
  return trouble === null ? null : new UserError(trouble.message, trouble.remedy, { cause: error });
}
