import type { LinesSource } from '../source.ts';
import { configFolders } from './folders.ts';
import { parseTranscriptLine } from './transcript.ts';
import * as tree from './tree.ts';

/** The transcripts of sessions and of their subagents. */
export const transcripts: LinesSource = {
  kind: 'lines',
  folders: (place) =>
    configFolders(place, (path) => path.replace(/^~(?=\/|$)/, place.home)).map(
      (folder) => `${folder}/projects`,
    ),
  includes: (path) => tree.isTranscriptName(path.slice(path.lastIndexOf('/') + 1)),
  eventFiles: ({ transcriptPath, agentTranscriptPath }) => {
    const files = [transcriptPath, agentTranscriptPath].filter((path) => path !== null);
    if (transcriptPath === null) return { files, folders: [] };
    return {
      files,
      folders: [tree.sessionFolder(transcriptPath)],
      // Subagent files of old versions of Claude Code, which may belong to any session of the folder.
      siblings: {
        folder: transcriptPath.slice(0, transcriptPath.lastIndexOf('/')),
        includes: tree.isOldAgentName,
      },
    };
  },
  locate: tree.locateTranscript,
  companionPaths: (path) =>
    tree.locateTranscript(path).kind === 'main' ? [] : [tree.metadataPath(path)],
  readCompanions: ([metadata]) => tree.parseAgentMetadata(metadata ?? null),
  parseLine: parseTranscriptLine,
};
