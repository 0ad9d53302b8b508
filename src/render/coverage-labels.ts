import type { CauseName } from '../core/client/coverage-causes.ts';
import { clientTitle } from '../core/client/names.ts';
import type { ClientCoverage } from '../reports/coverage/clients.ts';
import type { CauseJson, LostJson } from '../reports/coverage/document.ts';
import { formatCount, formatUsd } from './text/number-format.ts';

/** Each cause in words: for one request, and for several. */
const CAUSE_LABELS: Record<CauseName, [one: string, several: string]> = {
  compaction: ['compaction', 'compactions'],
  title: ['title', 'titles'],
  'web-search': ['WebSearch request', 'WebSearch requests'],
  'web-fetch': ['WebFetch request', 'WebFetch requests'],
  'prompt-hook': ['prompt hook', 'prompt hooks'],
  'other-request': [
    'other internal request of Claude Code',
    'other internal requests of Claude Code',
  ],
  'no-transcript': ['turn without a transcript', 'turns without a transcript'],
  pending: [
    'request whose transcript line is not read yet',
    'requests whose transcript lines are not read yet',
  ],
  'recorded-elsewhere': [
    'request recorded under the session it was copied from',
    'requests recorded under the session they were copied from',
  ],
  'incomplete-output': [
    'output cut short in the transcript',
    'outputs cut short in the transcript',
  ],
  unmetered: ['request without readable token counts', 'requests without readable token counts'],
  'token-difference': [
    'request with different token counts',
    'requests with different token counts',
  ],
  batch: [
    'batch request that the client priced in full',
    'batch requests that the client priced in full',
  ],
  region: [
    'US-region request that the client priced without the 10% surcharge',
    'US-region requests that the client priced without the 10% surcharge',
  ],
  'price-difference': [
    'request at another price (a managed price list, or that of a version)',
    'requests at other prices (a managed price list, or those of a version)',
  ],
  rounding: ['request, rounded differently', 'requests, rounded differently'],
  'not-reported': [
    'request that the client has not reported',
    'requests that the client has not reported',
  ],
  'client-counter-reset': [
    'run that the client did not count: it was killed, or its counter started again',
    'runs that the client did not count: they were killed, or their counters started again',
  ],
};

const EVIDENCE: Record<LostJson['toldBy'], string> = {
  transcript: 'it is in its transcript',
  ledger: 'it was removed from the ledger',
  telemetry: 'Claude Code reported it, and its transcript is gone',
};

/** `3 compactions`. */
export function causeText({ cause, count }: Pick<CauseJson, 'cause' | 'count'>): string {
  const [one, several] = CAUSE_LABELS[cause];
  return `${formatCount(count)} ${count === 1 ? one : several}`;
}

/** The causes without an amount, as a list: what the unexplained part may consist of. */
export function possibleText(causes: readonly CauseJson[]): string {
  return causes
    .filter(({ costNanoUsd }) => costNanoUsd === null)
    .map((cause) => causeText(cause))
    .join(', ');
}

export function lostText({ toldBy }: LostJson): string {
  return EVIDENCE[toldBy];
}

/** What the logs of the clients can never show, so that nobody looks for it. */
export function clientLimits(
  clients: readonly ClientCoverage[],
): { head: string; limits: readonly string[] }[] {
  return clients
    .filter(({ limits }) => limits.length > 0)
    .map(({ client, sessions, costNanoUsd, limits }) => {
      const what = `${sessionsText(sessions)}, ${formatUsd(costNanoUsd)}`;
      const head = `${clientTitle(client)} (${what}) reports no total to compare with. The limits of its log:`;
      return { head, limits };
    });
}

export function sessionsText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'session' : 'sessions'}`;
}
