/** Why a channel could not deliver an alert. */
export class DeliveryError extends Error {
  /** How long the receiver asks to wait before the next attempt, milliseconds; null if it does not say. */
  readonly retryAfterMs: number | null;

  constructor(message: string, retryAfterMs: number | null = null) {
    super(message);
    this.name = 'DeliveryError';
    this.retryAfterMs = retryAfterMs;
  }
}

const DAY_SECONDS = 86_400;

/**
 * Posts a body. Only a 2xx status counts as delivered. Redirections are not followed, as the body and the
 * headers can be secret.
 * @throws DeliveryError
 */
export async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<void> {
  const response = await send(url, body, headers, timeoutMs);
  // Only the status counts, so a response body that breaks off does not matter.
  response.body?.cancel().catch(() => undefined);
  if (response.ok) return;
  const seconds = Number(response.headers.get('retry-after'));
  const isValid = seconds > 0 && seconds < DAY_SECONDS;
  throw new DeliveryError(`HTTP status ${response.status}`, isValid ? seconds * 1000 : null);
}

async function send(
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

/** The cause of the error that `fetch` throws states what happened. */
function explainHttpError(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const { code } = cause as NodeJS.ErrnoException;
  return code ?? (cause.message || error.message);
}
