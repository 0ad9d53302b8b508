/** What a channel could not do. */
export class DeliveryError extends Error {
  /** What the receiver asks to be left alone for, milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(message: string, retryAfterMs: number | null = null) {
    super(message);
    this.name = 'DeliveryError';
    this.retryAfterMs = retryAfterMs;
  }
}

const DAY_SECONDS = 86_400;

/**
 * Posts a body. Only an answer that says so is a success; where a redirection leads to is not for what is
 * secret here.
 * @throws DeliveryError
 */
export async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<void> {
  const response = await answerTo(url, body, headers, timeoutMs);
  // The status is all that counts: a body that breaks off is none of our business.
  response.body?.cancel().catch(() => undefined);
  if (response.ok) return;
  const seconds = Number(response.headers.get('retry-after'));
  const isAsked = seconds > 0 && seconds < DAY_SECONDS;
  throw new DeliveryError(`it answered ${response.status}`, isAsked ? seconds * 1000 : null);
}

async function answerTo(
  url: string,
  body: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      body,
      headers: { 'user-agent': 'tallyhook', ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new DeliveryError(explainHttpError(error, timeoutMs));
  }
}

/** `fetch` says what happened in the cause of what it throws. */
function explainHttpError(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const { code } = cause as NodeJS.ErrnoException;
  return code ?? (cause.message || error.message);
}
