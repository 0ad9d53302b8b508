type FaultKind = 'not gzip' | 'damaged' | 'cut off' | 'too large';

const DECOMPRESS = 'Decompress it, then run tallyhook import';
const RESTORE = 'Restore it from a backup, then run tallyhook import';

const FAULTS: Record<FaultKind, [reason: string, fix: string]> = {
  'not gzip': ['the file is not gzip data; nothing was read', RESTORE],
  damaged: ['the file is damaged; nothing was read', RESTORE],
  'cut off': ['the file is cut off; only what is there was read', RESTORE],
  'too large': ['larger than 512 MB when decompressed; nothing was read', DECOMPRESS],
};

/** Why an archive is not read, or not completely. It stays so until the file changes. */
export class ArchiveFault extends Error {
  readonly kind: FaultKind;
  readonly fix: string;

  constructor(kind: FaultKind) {
    const [reason, fix] = FAULTS[kind];
    super(reason);
    this.kind = kind;
    this.fix = fix;
  }
}
