import type { AgentPlace } from './source.ts';

/** Registers the hook in an agent's own files. Pure: texts in, texts out. */
export interface AgentInstaller {
  /** The files that hold our hooks, as absolute paths. */
  files(place: AgentPlace): string[];
  /**
   * @param text of the file; null if it does not exist
   * @param command a full command line that names the agent
   * @returns the new text; null: nothing to change
   */
  add(
    path: string,
    text: string | null,
    command: string,
    options: { isEnforcing: boolean },
  ): string | null;
  /** @returns the text without our hooks; null: delete the file (it held only ours) */
  remove(path: string, text: string): string | null;
  /** What a person must do after the installation, one sentence each. */
  manualSteps(place: AgentPlace): string[];
  /** The permissions of a new file, for one that is executed. */
  mode?: number;
}
