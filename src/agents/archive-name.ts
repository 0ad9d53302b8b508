/** Only gzip can be read; other archives are named. */
const ARCHIVE = /\.jsonl\.(?:gz|zst|bz2|xz|br|lz4|zip)$/;

/**
 * Whether somebody compressed a transcript: no agent writes such a file. Not a part of `Agent`, because
 * hooks never read one.
 */
export function isArchiveName(name: string): boolean {
  return ARCHIVE.test(name) && !name.startsWith('journal.jsonl.');
}
