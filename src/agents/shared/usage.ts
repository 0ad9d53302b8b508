import type { ParsedUsage } from '../../core/usage/usage.ts';

/** Whether nothing was used: a request that failed or was aborted before its first token. */
export function isEmptyUsage({ usage }: ParsedUsage): boolean {
  return Object.values(usage).every((count) => count === 0);
}
