import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from './sandbox.ts';

interface Line {
  type: string;
  message?: { id?: string; stop_reason?: string | null };
}

/** Every line of every transcript of a machine; read without any of our own code. */
function linesOf(box: Sandbox): Line[] {
  const names = readdirSync(box.projects, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(join(box.projects, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** Messages of which no line was written after its response had ended. */
export function unfinishedMessages(box: Sandbox): Set<string> {
  const lines = linesOf(box).filter(({ type }) => type === 'assistant');
  const finished = lines.filter(({ message }) => message?.stop_reason !== null);
  const unfinished = new Set(lines.map(({ message }) => message?.id ?? ''));
  for (const { message } of finished) unfinished.delete(message?.id ?? '');
  return unfinished;
}
