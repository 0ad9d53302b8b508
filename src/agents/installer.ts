import type { AgentPlace } from './source.ts';

/**
 * Registers the hook in an agent's own files, and removes it again. Pure: texts in, texts out. Adding and
 * then removing gives the old text byte for byte; other people's hooks stay.
 */
export interface AgentInstaller {
  /** The files to edit or create. */
  files(place: AgentPlace): string[];
  /**
   * The new text; null if there is nothing to change. Throws a UserError if the text can't be edited.
   * @param text null if the file does not exist
   * @param command a full command line, with `--agent NAME`
   */
  add(
    path: string,
    text: string | null,
    command: string,
    options: { isEnforcing: boolean },
  ): string | null;
  /** The text without our hooks; null to delete the file, which held nothing else. */
  remove(path: string, text: string): string | null;
  /** The command lines of our hooks in the text. */
  commands(path: string, text: string): string[];
  /** Present if the agent silently skips hooks that the user has not approved. */
  trust?: HookTrust;
  /**
   * What the user must do by hand, one sentence each.
   * @param refused files of the user's own in the place of ours
   */
  manualSteps(place: AgentPlace, refused: readonly string[]): string[];
  /** The mode of a file that is created; absent: the usual one. */
  mode?: number;
}

/** Where an agent keeps which hooks the user has approved. */
export interface HookTrust {
  path(place: AgentPlace): string;
  /**
   * The events of our hooks that are not approved.
   * @param hooksText the text of `hooksPath`
   * @param trustText null if the file does not exist
   */
  untrustedEvents(hooksPath: string, hooksText: string, trustText: string | null): string[];
  /** What to do about them. */
  fix: string;
}
