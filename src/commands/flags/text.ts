import { lastValue } from './last-value.ts';

/** A flag that takes text. */
export const textFlag = (describe: string) =>
  ({ type: 'string', coerce: lastValue<string>, describe, requiresArg: true }) as const;
