/** Titles under which `--help` lists the flags that many commands share; docs/commands.md has them once. */
export const FLAG_GROUPS = {
  grouping: 'Grouping:',
  filters: 'Filters:',
  output: 'Output:',
  transcripts: 'Transcripts:',
} as const;
