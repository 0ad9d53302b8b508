import { closeSync, readSync } from 'node:fs';
import { asObject, parseJson } from '../../core/lang/json.ts';
import { openRegularOrNull } from '../../files/read-bounded.ts';

export interface NumberedLine {
  /** Counted from 1, as in editors. */
  number: number;
  text: string;
  /** False for a last line that has neither a newline nor a complete object. */
  isComplete: boolean;
}

const CHUNK_BYTES = 1024 * 1024;
/** A longer line is considered damaged, as when transcripts are recorded. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 10;

/** The lines of a file that contain the given text, with their numbers; none if it can't be read. */
export function* numberedLines(path: string, containing: string): Generator<NumberedLine> {
  const file = openRegularOrNull(path);
  if (file === null) return;
  const { fd, stat } = file;
  try {
    // Files of /proc report no size and may have no end.
    let left = stat.size;
    let rest: Buffer = Buffer.alloc(0);
    let number = 0;
    while (left > 0) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, left));
      const read = readSync(fd, chunk, 0, chunk.length, null);
      if (read === 0) break;
      left -= read;
      const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        number++;
        const line = bytes.subarray(start, end);
        if (line.includes(containing)) yield { number, text: line.toString(), isComplete: true };
        start = end + 1;
      }
      rest = bytes.subarray(start);
      if (rest.length > MAX_LINE_BYTES) rest = Buffer.alloc(0);
    }
    if (rest.includes(containing)) {
      const text = rest.toString();
      yield { number: number + 1, text, isComplete: asObject(parseJson(text)) !== null };
    }
  } catch {
    // The file was deleted or became unreadable: the lines read so far count.
  } finally {
    closeSync(fd);
  }
}
