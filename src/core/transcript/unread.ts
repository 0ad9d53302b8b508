/** A file or folder whose content is missing in the ledger although it may contain requests. */
export interface UnreadPath {
  path: string;
  /** `other-agent`: it was read, but another program wrote it. */
  kind: (typeof UNREAD_KINDS)[number];
  /** What is wrong with it, e.g. `permission denied` or `684 lines of Codex`. */
  reason: string;
  /** The command that fixes it, or what else to do; null if there is nothing to fix. */
  fix: string | null;
}

export const UNREAD_KINDS = ['unreadable', 'other-agent'] as const;
