import { toErrorMessage } from '../../core/lang/message-of.ts';
import { UserError } from '../../core/lang/user-error.ts';
import type { problem } from '../../schemas/answers/parts.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import { ForeignLedgerError, NewerLedgerError } from '../../store/connection/open.ts';

/** The error that a caller receives, and its HTTP status. */
export type ProblemJson = DocumentOf<typeof problem>['error'] & { status: number };

/** An error that is answered as `{ "error": { code, message, field } }`. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | null;

  constructor(status: number, code: string, message: string, field: string | null = null) {
    super(message);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

export const READONLY: ProblemJson = {
  status: 503,
  code: 'ledger_readonly',
  message: 'the ledger is read-only',
  field: null,
};

/** Converts anything thrown into a problem, as plain data that a worker can post. */
export function toProblem(error: unknown): ProblemJson {
  if (error instanceof Problem) {
    const { status, code, message, field } = error;
    return { status, code, message, field };
  }
  const message = toErrorMessage(error);
  if (error instanceof UserError) return { status: 400, code: 'bad_request', message, field: null };
  if (error instanceof NewerLedgerError) {
    return { status: 503, code: 'ledger_newer', message, field: null };
  }
  if (error instanceof ForeignLedgerError) {
    return { status: 503, code: 'ledger_unavailable', message, field: null };
  }
  const { code } = error as { code?: unknown };
  const isLedger = typeof code === 'string' && code.startsWith('SQLITE_');
  if (isLedger && code.startsWith('SQLITE_BUSY')) {
    return { status: 503, code: 'ledger_busy', message, field: null };
  }
  // SQLite opens a read-only file without an error; only the first write fails.
  if (isLedger && code.startsWith('SQLITE_READONLY')) return READONLY;
  if (isLedger) return { status: 503, code: 'ledger_unavailable', message, field: null };
  return { status: 500, code: 'internal', message, field: null };
}
