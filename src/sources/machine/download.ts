import { UserError } from '../../core/lang/user-error.ts';

export interface DownloadLimits {
  /** For all of it, redirections too, milliseconds. */
  timeoutMs: number;
  /** Of the content, after it was unpacked. */
  bytes: number;
}

export const DOWNLOAD_LIMITS: DownloadLimits = { timeoutMs: 30_000, bytes: 64 * 1024 * 1024 };

export const DOWNLOAD_HINT =
  'pricing update --from FILE reads a package or a price file that was fetched otherwise.';

/** Nobody answered, or what was answered was no download: another way may still work. */
export class UnreachableError extends UserError {}

const MAX_REDIRECTIONS = 5;

/**
 * The content at an address. It is read no further than the limits, whatever its headers say.
 * @throws UnreachableError; UserError where it is too large or too slow
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
    const reason = `the answer was ${response.status}`;
    throw new UnreachableError(`${pathname} could not be fetched: ${reason}`, DOWNLOAD_HINT);
  }
  try {
    return await readContent(response, limits.bytes);
  } catch (error) {
    const message = `${pathname} could not be fetched: ${explainDownloadError(error, limits)}`;
    // What broke off may come another way; what is too large or too slow would be so again.
    const isFinal = error instanceof TooLargeError || signal.aborted;
    const Kind = isFinal ? UserError : UnreachableError;
    throw new Kind(message, DOWNLOAD_HINT, { cause: error });
  }
}

class TooLargeError extends Error {}

/** Follows redirections, but to no other protocol than the web's, and from https to http never. */
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
        `${url.pathname} leads to ${next.protocol}, which is refused`,
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
  // What was packed comes unpacked. Leaving the loop ends the connection.
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
