import { UserError } from '../../core/lang/user-error.ts';

export interface DownloadLimits {
  /** For everything including redirections, milliseconds. */
  timeoutMs: number;
  /** Size of the decompressed content. */
  bytes: number;
}

export const DOWNLOAD_LIMITS: DownloadLimits = { timeoutMs: 30_000, bytes: 64 * 1024 * 1024 };

export const DOWNLOAD_HINT =
  'To use a package or price file that you downloaded yourself: tallyhook pricing update --from FILE';

/** There was no answer, or not the requested content: another way may still work. */
export class UnreachableError extends UserError {}

const MAX_REDIRECTIONS = 5;

/**
 * Downloads the content at an address. Stops at the limits, whatever the headers say.
 * @throws UnreachableError; UserError if it is too large or too slow
 */
export async function download(
  address: string,
  limits: DownloadLimits = DOWNLOAD_LIMITS,
): Promise<Uint8Array> {
  const { pathname } = new URL(address);
  const signal = AbortSignal.timeout(limits.timeoutMs);
  const response = await answerTo(address, signal).catch((error: unknown) => {
    if (error instanceof UserError) throw error;
    throw new UnreachableError(
      `${pathname} could not be fetched: ${explainDownloadError(error, limits)}`,
      DOWNLOAD_HINT,
    );
  });
  if (!response.ok) {
    await drop(response);
    const reason = `the server answered ${response.status}`;
    throw new UnreachableError(`${pathname} could not be fetched: ${reason}`, DOWNLOAD_HINT);
  }
  try {
    return await readContent(response, limits.bytes);
  } catch (error) {
    const message = `${pathname} could not be fetched: ${explainDownloadError(error, limits)}`;
    // An interrupted download may succeed another way; one that is too large or too slow would fail
    // again.
    const isFinal = error instanceof TooLargeError || signal.aborted;
    const Kind = isFinal ? UserError : UnreachableError;
    throw new Kind(message, DOWNLOAD_HINT, { cause: error });
  }
}

class TooLargeError extends Error {}

/** Follows redirections, but only to HTTP or HTTPS, and never from HTTPS to HTTP. */
async function answerTo(address: string, signal: AbortSignal): Promise<Response> {
  let url = new URL(address);
  for (let hops = 0; hops <= MAX_REDIRECTIONS; hops++) {
    const response = await fetch(url, { signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await drop(response);
    const next = new URL(location, url);
    const isSafe =
      next.protocol === 'https:' || (next.protocol === 'http:' && url.protocol === 'http:');
    if (!isSafe) {
      throw new UserError(
        `${url.pathname} redirects to ${next.protocol}, which is not allowed`,
        DOWNLOAD_HINT,
      );
    }
    url = next;
  }
  throw new Error(`more than ${MAX_REDIRECTIONS} redirections`);
}

async function readContent(response: Response, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = (): TooLargeError =>
    new TooLargeError(`it has more than ${maxBytes / 1024 / 1024} MB`);
  if (Number(response.headers.get('content-length')) > maxBytes) {
    await drop(response);
    throw tooLarge();
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  // Compressed content arrives decompressed. Leaving the loop closes the connection.
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > maxBytes) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function drop(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}

function explainDownloadError(error: unknown, { timeoutMs }: DownloadLimits): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it took more than ${timeoutMs / 1000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
