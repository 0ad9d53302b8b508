import { asArray, asObject, asText, parseJson } from '../../core/lang/json.ts';
import type { Entry } from '../../core/transcript/entry.ts';
import type { AgentPlace, DocumentSource, Fold, LinesSource } from '../source.ts';
import { messageEntries, noteHeader } from './message.ts';

export function geminiFolder({ home, env }: AgentPlace): string {
  return `${env['GEMINI_CLI_HOME'] || home}/.gemini`;
}

/** `tmp/PROJECT/chats/session-….jsonl`, or for a subagent `tmp/PROJECT/chats/SESSION/ID.jsonl`. */
const CHAT = /^(.*)\/tmp\/([^/]+)\/chats\/(?:([^/]+)\/)?([^/]+)\.jsonl?$/;

const common = {
  folders: (place: AgentPlace) => [`${geminiFolder(place)}/tmp`],
  locate: (path: string) => {
    const [, , , parent, name] = CHAT.exec(path) ?? [];
    // A session's file has only the first eight digits of its id; the header has all of it.
    if (parent === undefined) return { kind: 'main' as const, sessionId: '', agentId: null };
    return { kind: 'sidechain' as const, sessionId: parent, agentId: name ?? null };
  },
  companionPaths: (path: string) => {
    const [, root, project] = CHAT.exec(path) ?? [];
    return root === undefined ? [] : [`${root}/tmp/${project}/.project_root`];
  },
  readCompanions: ([root]: (string | null)[], fold: Fold) => {
    const folder = asText(root?.trim());
    if (folder !== null) fold['cwd'] = folder;
    return null;
  },
};

/** Chats since 0.39: lines, appended. */
export const chats: LinesSource = {
  kind: 'lines',
  ...common,
  includes: (path) => path.endsWith('.jsonl') && CHAT.test(path),
  eventFiles: ({ transcriptPath, sessionId }) => {
    const folder = transcriptPath?.replace(/\/[^/]*$/, '') ?? null;
    const isFolder = folder !== null && sessionId !== null && /^[\w-]+$/.test(sessionId);
    return { files: [], folders: isFolder ? [`${folder}/${sessionId}`] : [] };
  },
  parseLine: (line, fold) => {
    const value = asObject(parseJson(line));
    if (value === null) return [{ type: 'unreadable', chars: line.length }];
    // A resumed chat has another header. What `$set` repeats has been read, and has lost its tokens.
    if (value['type'] === undefined) noteHeader(value, fold);
    return value['$set'] === undefined ? messageEntries(value, fold) : [];
  },
};

/** Chats before 0.39: one document. */
export const oldChats: DocumentSource = {
  kind: 'document',
  ...common,
  includes: (path) => path.endsWith('.json') && CHAT.test(path),
  eventFiles: () => ({ files: [], folders: [] }),
  parseDocument: (text, fold) => {
    const chat = asObject(parseJson(text));
    if (chat === null) return [{ type: 'unreadable', chars: text.length }];
    noteHeader(chat, fold);
    return asArray(chat['messages']).flatMap((value): Entry[] => {
      const message = asObject(value);
      return message === null ? [] : messageEntries(message, fold);
    });
  },
};
