import { parseTranscriptLine } from '../../src/agents/claude-code/transcript.ts';
import type { Extraction } from '../../src/core/extract/extraction.ts';
import { Extractor } from '../../src/core/extract/extractor.ts';
import { initialThreadState } from '../../src/core/transcript/thread.ts';

/** What is extracted from the lines of one Claude Code transcript, read at once. */
export function extracted(
  lines: readonly string[],
  kind: 'main' | 'sidechain' = 'main',
): Extraction {
  const context = {
    client: 'claude-code',
    kind,
    fileSessionId: 's',
    agentId: kind === 'main' ? null : 'a',
    agentType: null,
    parentAgentId: null,
    spawnToolUseId: null,
    fallbackAtMs: 0,
    arrivedAtMs: Number.POSITIVE_INFINITY,
  };
  const extractor = new Extractor(initialThreadState(), context, 'import');
  for (const entry of lines.flatMap(parseTranscriptLine)) extractor.add(entry);
  return extractor.extraction;
}
