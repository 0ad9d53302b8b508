import type { Agent } from '../types.ts';
import { answerText } from './answer.ts';
import { parseEvent } from './event.ts';
import { parseTranscriptLine } from './transcript.ts';
import * as tree from './tree.ts';

export const claudeCode: Agent = {
  name: 'claude-code',
  parseEvent,
  answerText,
  parseLine: parseTranscriptLine,
  locateTranscript: tree.locateTranscript,
  sessionFolder: tree.sessionFolder,
  isTranscriptName: tree.isTranscriptName,
  isOldAgentName: tree.isOldAgentName,
  metadataPath: tree.metadataPath,
  parseMetadata: tree.parseAgentMetadata,
};
