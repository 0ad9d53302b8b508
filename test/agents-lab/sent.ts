import { existsSync, readFileSync } from 'node:fs';

/** A request that the scripted server answered, in four counts that don't overlap. */
export interface SentRequest {
  thread: string;
  model: string;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

export type Counts = Omit<SentRequest, 'thread'>;

type Usage = Record<string, number> & { [details: string]: unknown };

interface ServedLine {
  thread: string;
  model: string;
  usage?: Usage;
  status?: number;
}

/** What the server's log says; requests that were answered with an error have no usage. */
export function readSent(logPath: string): SentRequest[] {
  if (!existsSync(logPath)) return [];
  const lines = readFileSync(logPath, 'utf8').split('\n').filter(Boolean);
  return lines
    .map((line) => JSON.parse(line) as ServedLine)
    .flatMap(({ thread, model, usage }) =>
      usage === undefined ? [] : [{ thread, model, ...countsOf(usage) }],
    );
}

/** By the rules of each API, written down apart from the program's own reader. */
function countsOf(usage: Usage): Omit<Counts, 'model'> {
  const count = (value: unknown): number => (typeof value === 'number' ? value : 0);
  if ('promptTokenCount' in usage) {
    const cacheRead = count(usage['cachedContentTokenCount']);
    return {
      input: count(usage['promptTokenCount']) + count(usage['toolUsePromptTokenCount']) - cacheRead,
      output: count(usage['candidatesTokenCount']) + count(usage['thoughtsTokenCount']),
      cacheRead,
      cacheWrite: 0,
    };
  }
  const isChat = 'prompt_tokens' in usage;
  const details = (usage[isChat ? 'prompt_tokens_details' : 'input_tokens_details'] ?? {}) as Usage;
  const cacheRead = count(details['cached_tokens']);
  const cacheWrite = count(details['cache_write_tokens']);
  return {
    input: count(usage[isChat ? 'prompt_tokens' : 'input_tokens']) - cacheRead - cacheWrite,
    output: count(usage[isChat ? 'completion_tokens' : 'output_tokens']),
    cacheRead,
    cacheWrite,
  };
}

/** Sorted texts, one for each request, so that a difference is readable. */
export function asLines(requests: readonly Counts[]): string[] {
  return requests
    .map(
      ({ model, input, output, cacheRead, cacheWrite }) =>
        `${model}: ${input} in, ${output} out, ${cacheRead} read, ${cacheWrite} written`,
    )
    .toSorted();
}

/** One request per model with the sums of all. */
export function sumUp(requests: readonly Counts[]): Counts[] {
  const sums = new Map<string, Counts>();
  for (const { model, input, output, cacheRead, cacheWrite } of requests) {
    const sum = sums.get(model) ?? { model, input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    sums.set(model, {
      model,
      input: sum.input + input,
      output: sum.output + output,
      cacheRead: sum.cacheRead + cacheRead,
      cacheWrite: sum.cacheWrite + cacheWrite,
    });
  }
  return [...sums.values()];
}
