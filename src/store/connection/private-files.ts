/** Runs what makes files, so that they are readable by their owner alone. */
export function makePrivately<T>(make: () => T): T {
  const before = setUmask(0o077);
  try {
    return make();
  } finally {
    if (before !== null) setUmask(before);
  }
}

/** @returns the one before; null in a thread, which can't set it: its process has (`serve`) */
function setUmask(mask: number): number | null {
  try {
    return process.umask(mask);
  } catch {
    return null;
  }
}
