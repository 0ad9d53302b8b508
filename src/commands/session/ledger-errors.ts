import { UserError } from '../../core/lang/user-error.ts';
import { explainLedgerTrouble } from '../../store/connection/trouble.ts';
import { currentLedgerPath } from './settings.ts';

/** An error of SQLite's that no command expected, as one line and the way out; null: it is none. */
export function ledgerUserError(error: unknown): UserError | null {
  const trouble = explainLedgerTrouble(error, currentLedgerPath());
  return trouble === null ? null : new UserError(trouble.message, trouble.remedy, { cause: error });
}
