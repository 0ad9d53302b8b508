import type { CauseName } from '../../core/client/coverage-causes.ts';

/** What Claude Code calls requests that it never writes into a transcript. */
const AUXILIARY_SOURCES: readonly [RegExp, CauseName][] = [
  [/^compact/, 'compaction'],
  [/title/, 'title'],
  [/^web_search/, 'web-search'],
  [/^web_fetch/, 'web-fetch'],
  [/^hook_/, 'prompt-hook'],
];
/** What it calls turns of the main thread and of subagents, which a transcript shows. */
const TURNS = /^(?:sdk|repl_main_thread|agent[:_])|^main$|^subagent$/;

/** What a request was for, by `query_source` of its telemetry; null for a turn. */
export function classifyQuerySource(querySource: string): CauseName | null {
  if (TURNS.test(querySource)) return null;
  return AUXILIARY_SOURCES.find(([pattern]) => pattern.test(querySource))?.[1] ?? 'other-request';
}
