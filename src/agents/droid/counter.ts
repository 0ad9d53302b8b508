import {
  type JsonObject,
  asArray,
  asCount,
  asObject,
  asText,
  parseJson,
} from '../../core/lang/json.ts';
import type { Entry } from '../../core/transcript/entry.ts';
import { NO_USAGE } from '../../core/usage/usage.ts';
import { plainUsage } from '../../core/usage-shapes/parse.ts';
import { requestEntry } from '../shared/entries.ts';
import { asPath } from '../shared/events.ts';
import type { DocumentSource, Fold } from '../source.ts';
import { factoryFolder } from './place.ts';

const SUFFIX = '.settings.json';

/** The settings of each session, with counters of the tokens that it has used so far. */
export const sessionCounters: DocumentSource = {
  kind: 'document',
  folders: (place) => [`${factoryFolder(place)}/sessions`],
  includes: (path) => path.endsWith(SUFFIX),
  eventFiles({ transcriptPath }) {
    const isSession = transcriptPath?.endsWith('.jsonl') === true;
    const files = isSession ? [transcriptPath.replace(/\.jsonl$/, SUFFIX)] : [];
    return { files, folders: [] };
  },
  locate(path) {
    const name = path.split('/').at(-1) ?? '';
    return { kind: 'main', sessionId: name.slice(0, -SUFFIX.length), agentId: null };
  },
  companionPaths(path) {
    const folder = path.split('/').slice(0, -3).join('/');
    return [`${path.slice(0, -SUFFIX.length)}.jsonl`, `${folder}/settings.json`];
  },
  readCompanions([transcript, settings], fold) {
    noteSession(transcript ?? null, fold);
    noteCustomModels(settings ?? null, fold);
    return null;
  },
  parseDocument,
};

/** The first line names the session and its folder. */
function noteSession(transcript: string | null, fold: Fold): void {
  if (transcript === null) return;
  const end = transcript.indexOf('\n');
  const line = asObject(parseJson(end < 0 ? transcript : transcript.slice(0, end)));
  if (line?.['type'] !== 'session_start') return;
  fold['sessionId'] = asText(line['id']);
  fold['cwd'] = asPath(line['cwd']);
}

/** The names of the user's own models; the settings also hold keys, which are not kept. */
function noteCustomModels(settings: string | null, fold: Fold): void {
  if (settings === null) return;
  fold['customModels'] = asArray(asObject(parseJson(settings))?.['customModels']).map((value) => {
    const custom = asObject(value);
    return { id: asText(custom?.['id']), model: asText(custom?.['model']) };
  });
}

/** The counters, which are disjoint; whatever is thought is part of the output. */
const COUNTERS = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheCreationTokens',
  'thinkingTokens',
] as const;
const BILLED = COUNTERS.slice(0, 4);

type Counts = Record<(typeof COUNTERS)[number], number>;

function parseDocument(text: string, fold: Fold): Entry[] {
  const document = asObject(parseJson(text));
  // `inclusiveTokenUsage` adds subagents, which have counters of their own.
  const usage = asObject(document?.['tokenUsage']);
  if (document === null || usage === null) return [];
  const now = readCounts(usage);
  const last = readCounts(asObject(fold['seen']));
  const isRestarted = sumOf(now) < sumOf(last);
  const restarts = (asCount(fold['restarts']) ?? 0) + (isRestarted ? 1 : 0);
  const before = isRestarted ? readCounts(null) : last;
  fold['seen'] = now;
  fold['restarts'] = restarts;
  const rise = subtract(now, before);
  if (sumOf(rise) === 0) return [];
  const lock = asText(document['providerLock']);
  return [
    requestEntry({
      messageId: nameRise(asText(fold['sessionId']), restarts, before),
      // The rise that begins here is one, however far it was when somebody looked.
      requestId: 'counter',
      model: nameModel(asText(document['model']), fold),
      parsed: plainUsage({
        ...NO_USAGE,
        inputTokens: rise.inputTokens,
        outputTokens: rise.outputTokens,
        cacheReadTokens: rise.cacheReadTokens,
        cacheWrite5mTokens: rise.cacheCreationTokens,
      }),
      thinkingTokens: rise.thinkingTokens === 0 ? null : rise.thinkingTokens,
      cwd: asPath(fold['cwd']),
      billing: {
        // Other values only say which API the user's own model speaks.
        provider: lock === 'openai' || lock === 'anthropic' ? lock : null,
        chargedNanoUsd: null,
        isCounter: true,
      },
    }),
  ];
}

/** Null if nothing names the session: the record is then known by its file. */
function nameRise(sessionId: string | null, restarts: number, before: Counts): string | null {
  if (sessionId === null) return null;
  const value = BILLED.map((counter) => before[counter]).join('-');
  return restarts === 0 ? `${sessionId}:${value}` : `${sessionId}:${restarts}:${value}`;
}

function readCounts(usage: JsonObject | null): Counts {
  const entries = COUNTERS.map((counter) => [counter, asCount(usage?.[counter]) ?? 0]);
  return Object.fromEntries(entries) as Counts;
}

function subtract(now: Counts, before: Counts): Counts {
  const entries = COUNTERS.map((counter) => [counter, Math.max(0, now[counter] - before[counter])]);
  return Object.fromEntries(entries) as Counts;
}

function sumOf(counts: Counts): number {
  return BILLED.reduce((sum, counter) => sum + counts[counter], 0);
}

/** The user's own models are named `custom:NAME-INDEX`; the settings say which model that is. */
function nameModel(model: string | null, fold: Fold): string {
  if (model === null || !model.startsWith('custom:')) return model ?? 'unknown';
  const models = asArray(fold['customModels']).map(asObject);
  const index = Number(/-(\d+)$/.exec(model)?.[1] ?? -1);
  const custom = models.find((entry) => entry?.['id'] === model) ?? models[index];
  return asText(custom?.['model']) ?? model;
}
