import { FLAG_GROUPS } from './groups.ts';

/** For a command that prints either text or one JSON document. */
export const json = {
  type: 'boolean',
  alias: 'j',
  default: false,
  describe: 'Print JSON',
  group: FLAG_GROUPS.output,
} as const;
