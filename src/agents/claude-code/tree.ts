import { asObject, asText, parseJson } from '../../core/lang/json.ts';
import type { AgentMetadata, TranscriptLocation } from '../source.ts';

const AGENT_FILE = /^agent-(.+?)\.jsonl(?:\.gz)?$/;
const ENDING = /\.jsonl(?:\.gz)?$/;

/**
 * `<session>.jsonl` is a main transcript. `<session>/subagents/…/agent-<id>.jsonl` belongs to a subagent,
 * and so does `agent-<id>.jsonl` next to the main transcripts, as written before 2.1.
 */
export function locateTranscript(path: string): TranscriptLocation {
  const parts = path.split('/');
  const file = parts.at(-1) ?? '';
  const agentId = AGENT_FILE.exec(file)?.[1] ?? null;
  if (agentId === null) {
    return { kind: 'main', sessionId: file.replace(ENDING, ''), agentId: null };
  }
  const subagents = parts.lastIndexOf('subagents');
  return { kind: 'sidechain', sessionId: parts[subagents - 1] ?? '', agentId };
}

/** The folder of a session's own files, from the path of its main transcript. */
export function sessionFolder(mainPath: string): string {
  return `${mainPath.replace(ENDING, '')}/subagents`;
}

export function isTranscriptName(name: string): boolean {
  return name.endsWith('.jsonl') && name !== 'journal.jsonl';
}

export function isOldAgentName(name: string): boolean {
  return AGENT_FILE.test(name) && name.endsWith('.jsonl');
}

/** Where Claude Code writes metadata about a subagent. */
export function metadataPath(agentTranscriptPath: string): string {
  return agentTranscriptPath.replace(ENDING, '.meta.json');
}

/** Total: anything but the expected object gives nulls. */
export function parseAgentMetadata(text: string | null): AgentMetadata {
  const value = text === null ? null : asObject(parseJson(text));
  return {
    agentType: asText(value?.['agentType']),
    parentAgentId: asText(value?.['parentAgentId']),
    spawnToolUseId: asText(value?.['toolUseId']),
  };
}
