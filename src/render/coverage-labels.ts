import type { CauseName } from '../core/client/coverage-causes.ts';
import type { CauseJson, LostJson } from '../reports/coverage/document.ts';
import { formatCount } from './text/number-format.ts';

/** What each cause is to a person: of one, and of several. */
const CAUSE_LABELS: Record<CauseName, [one: string, several: string]> = {
  compaction: ['compaction', 'compactions'],
  title: ['title', 'titles'],
  'web-search': ['request of WebSearch', 'requests of WebSearch'],
  'web-fetch': ['request of WebFetch', 'requests of WebFetch'],
  'prompt-hook': ['prompt hook', 'prompt hooks'],
  'other-request': ["other request of the client's own", "other requests of the client's own"],
  'no-transcript': ['turn that no transcript shows', 'turns that no transcript shows'],
  pending: [
    'request whose line in a transcript is not read yet',
    'requests whose lines in transcripts are not read yet',
  ],
  'recorded-elsewhere': [
    'request that is recorded under the session it was copied from',
    'requests that are recorded under the session they were copied from',
  ],
  'incomplete-output': [
    'output that the transcript has only the beginning of',
    'outputs that transcripts have only the beginning of',
  ],
  'token-difference': ['request with other counts', 'requests with other counts'],
  batch: [
    'request of a batch, at full price with the client',
    'requests of a batch, at full price with the client',
  ],
  region: [
    'request served in the US, without its tenth with the client',
    'requests served in the US, without their tenth with the client',
  ],
  'price-difference': [
    "request at another price (a managed price list, a version's own)",
    "requests at other prices (a managed price list, a version's own)",
  ],
  rounding: ['request, rounded otherwise', 'requests, rounded otherwise'],
  'not-reported': [
    'request that the client has not told of',
    'requests that the client has not told of',
  ],
  'client-counter-reset': [
    'run that the client has not counted: it was killed, or its counter began anew',
    'runs that clients have not counted: they were killed, or their counters began anew',
  ],
};

const TOLD_BY: Record<LostJson['toldBy'], string> = {
  transcript: 'its transcript shows it',
  ledger: 'it was taken out of the ledger',
  telemetry: 'the client told of it, its transcript is gone',
};

/** `3 compactions`. */
export function causeText({ cause, count }: Pick<CauseJson, 'cause' | 'count'>): string {
  const [one, several] = CAUSE_LABELS[cause];
  return `${formatCount(count)} ${count === 1 ? one : several}`;
}

/** The same as a list without amounts, of what may be in a part that is not explained. */
export function possibleText(causes: readonly CauseJson[]): string {
  return causes
    .filter(({ costNanoUsd }) => costNanoUsd === null)
    .map((cause) => causeText(cause))
    .join(', ');
}

export function lostText({ toldBy }: LostJson): string {
  return TOLD_BY[toldBy];
}
