/**
 * A failure that the user can do something about: one line that names the problem, and a hint if there is
 * one. It is shown without a stack; cli.ts knows the exit code.
 */
export class UserError extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UserError';
    this.hint = hint;
  }
}

/** A check that the user requested failed; the command has printed the details already. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}
