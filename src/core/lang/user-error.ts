/**
 * A failure that the user can do something about: one line that names the thing, and the way
 * out where there is one. It is shown without a stack; cli.ts knows the exit code.
 */
export class UserError extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UserError';
    this.hint = hint;
  }
}

/** What a command was asked to check does not hold; it has said so itself. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}
