import type { Kind } from './kinds.ts';

/** Where it may be set: a project's file comes with a repository that may be hostile. */
type SetBy = 'user' | 'project' | 'user or project' | 'user, stricter by project' | 'environment';

export interface Setting<Value = unknown> {
  kind: Kind<NonNullable<Value>> | Kind<Value>;
  default: Value;
  setBy: SetBy;
  /**
   * Environment variables that override every file, strongest first; undefined for a text without a
   * meaning.
   */
  environment?: Record<string, (text: string) => Value | undefined>;
}

// How the text of a variable is parsed.

export const asIs = (value: string): string => value;
export const asOnOff = (value: string): boolean | undefined =>
  /^(?:1|true|yes|on)$/i.test(value.trim())
    ? true
    : /^(?:0|false|no|off)$/i.test(value.trim())
      ? false
      : undefined;
export const readBy =
  <Value>(kind: Kind<Value>) =>
  (value: string): Value | undefined =>
    kind.read(value);
