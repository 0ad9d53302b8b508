/** Of a command whose answer is a text or one JSON document. */
export const json = {
  type: 'boolean',
  alias: 'j',
  default: false,
  describe: 'JSON on stdout',
} as const;
