/** Runs a function that creates files, so that only their owner can read them. */
export function makePrivately<T>(make: () => T): T {
  const before = setUmask(0o077);
  try {
    return make();
  } finally {
    if (before !== null) setUmask(before);
  }
}

/** @returns the previous umask; null in a worker thread, which can't set it: its process does (`serve`) */
function setUmask(mask: number): number | null {
  try {
    return process.umask(mask);
  } catch {
    return null;
  }
}
