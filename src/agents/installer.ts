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
  /** What the user must do by hand, one sentence each. */
  manualSteps(place: AgentPlace): string[];
  /** The mode of a file that is created; absent: the usual one. */
  mode?: number;
}
