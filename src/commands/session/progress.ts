import { formatCount } from '../../render/text/number-format.ts';

/** A progress bar, shown on a terminal once the work has taken half a second. */
export function progressBar(
  stream: NodeJS.WriteStream,
  title: string,
  unit: string,
): { update: (done: number, of: number) => void; end: () => void } {
  const startedAt = performance.now();
  let shownAt = 0;
  return {
    update: (done, of) => {
      const now = performance.now();
      const isDue = now - startedAt > 500 && (now - shownAt > 100 || done === of);
      if (!stream.isTTY || !isDue) return;
      shownAt = now;
      const filled = Math.round((done / of) * 30);
      const bar = '█'.repeat(filled) + '░'.repeat(30 - filled);
      stream.write(`\r${title} ${bar} ${formatCount(done)}/${formatCount(of)} ${unit}`);
    },
    end: () => {
      if (shownAt > 0) stream.write('\r\u001B[K');
    },
  };
}
