/** A bar for work of more than half a second, on a terminal only. */
export function progressBar(
  stream: NodeJS.WriteStream,
  title: string,
): { update: (done: { files: number; of: number }) => void; end: () => void } {
  const startedAt = performance.now();
  let shownAt = 0;
  return {
    update: ({ files, of }) => {
      const now = performance.now();
      const isDue = now - startedAt > 500 && (now - shownAt > 100 || files === of);
      if (!stream.isTTY || !isDue) return;
      shownAt = now;
      const filled = Math.round((files / of) * 30);
      const bar = '█'.repeat(filled) + '░'.repeat(30 - filled);
      stream.write(`\r${title} ${bar} ${files}/${of} files`);
    },
    end: () => {
      if (shownAt > 0) stream.write('\r\u001B[K');
    },
  };
}
