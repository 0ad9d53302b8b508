import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ModelUsage } from './result-reader.ts';
import type { Sandbox } from './sandbox.ts';

interface Line {
  type: string;
  promptId?: string;
  requestId?: string;
  message?: { id?: string; stop_reason?: string | null };
  totalCostUSD?: number;
  modelUsage?: ModelUsage;
}

/** The transcripts of a machine as parsed lines, read without any of tallyhook's code. */
function transcriptsOf(box: Sandbox): { session: string; lines: Line[] }[] {
  if (!existsSync(box.projects)) return [];
  const names = readdirSync(box.projects, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => {
      const lines = readFileSync(join(box.projects, name), 'utf8').split('\n');
      return {
        session: basename(name, '.jsonl'),
        lines: lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Line),
      };
    });
}

/** The vendor's ids of all requests that a line shows. */
export function requestsIn(box: Sandbox): Set<string> {
  const lines = transcriptsOf(box).flatMap((transcript) => transcript.lines);
  return new Set(
    lines.flatMap(({ type, requestId }) => (type === 'assistant' ? (requestId ?? []) : [])),
  );
}

/** Messages without a line that was written after the response had ended. */
export function unfinishedMessages(box: Sandbox): Set<string> {
  const lines = transcriptsOf(box)
    .flatMap((transcript) => transcript.lines)
    .filter(({ type }) => type === 'assistant');
  const finished = lines.filter(({ message }) => message?.stop_reason !== null);
  const unfinished = new Set(lines.map(({ message }) => message?.id ?? ''));
  for (const { message } of finished) unfinished.delete(message?.id ?? '');
  return unfinished;
}

/** The prompt that each message of a main thread answers, by session and message. */
export function promptsOf(box: Sandbox): Map<string, string> {
  const prompts = new Map<string, string>();
  for (const { session, lines } of transcriptsOf(box)) {
    let prompt = '';
    for (const { type, promptId, message } of lines) {
      if (type === 'user' && promptId !== undefined) prompt = promptId;
      if (type === 'assistant') prompts.set(`${session} ${message?.id}`, prompt);
    }
  }
  return prompts;
}

/** The last total that a later client wrote for each session. */
export function costStatesOf(
  box: Sandbox,
): Map<string, { totalCostUSD: number; modelUsage: ModelUsage }> {
  const states = new Map<string, { totalCostUSD: number; modelUsage: ModelUsage }>();
  for (const { session, lines } of transcriptsOf(box)) {
    for (const { type, totalCostUSD = 0, modelUsage = {} } of lines) {
      if (type === 'cost-state') states.set(session, { totalCostUSD, modelUsage });
    }
  }
  return states;
}
