import { type JsonObject, asArray, asObject, asText, parseJson } from '../core/lang/json.ts';

/** Lines of a file that Claude Code did not write. */
export type OtherLines =
  | { kind: 'other-agent'; program: string }
  /** No line is JSON: the file is encrypted, compressed or damaged. */
  | { kind: 'unreadable'; program: null };

const has = (line: JsonObject, ...keys: string[]): boolean => keys.every((key) => key in line);
const partsOf = (value: unknown): unknown => asObject(value)?.['parts'];

/** Programs whose sessions lie in similar files, and how to recognize their lines. */
const PROGRAMS: [name: string, isOf: (line: JsonObject) => boolean][] = [
  ['Codex', (line) => asText(line['type']) !== null && asObject(line['payload']) !== null],
  ['Codex', (line) => has(line, 'id', 'timestamp', 'instructions') || has(line, 'record_type')],
  ['Codex', (line) => has(line, 'session_id', 'ts', 'text')],
  ['Qwen Code', (line) => has(line, 'usageMetadata') || Array.isArray(partsOf(line['message']))],
  ['Gemini CLI', (line) => has(line, 'projectHash') || line['type'] === 'gemini'],
  [
    'Copilot CLI',
    (line) => /^\w+\.\w+/.test(asText(line['type']) ?? '') && asObject(line['data']) !== null,
  ],
  ['Kimi CLI', (line) => has(line, 'protocol_version')],
  ['Kimi CLI', (line) => asObject(asObject(line['message'])?.['payload']) !== null],
  ['Droid', (line) => line['type'] === 'session_start'],
  ['Pi', (line) => line['type'] === 'session' && has(line, 'id', 'cwd')],
  ['Goose', (line) => has(line, 'working_dir', 'message_count')],
  ['OpenCode', (line) => has(line, 'info', 'parts') && asArray(line['parts']).length > 0],
  ['Cursor', (line) => has(line, 'role', 'message') && !has(line, 'type')],
];

const CLAUDE_CODE_KEYS = [
  'uuid',
  'leafUuid',
  'parentUuid',
  'messageId',
  'isSidechain',
  'sessionId',
];
const CLAUDE_CODE_TYPES = new Set(['assistant', 'user', 'system', 'summary', 'progress']);

/**
 * The program that wrote a file, from its first lines; null for Claude Code, and if that can't be told.
 * Other programs are recognized because people point CLAUDE_CONFIG_DIR or --projects at their folders.
 */
export function findOtherAgent(firstLines: readonly string[]): OtherLines | null {
  const written = firstLines.filter((line) => line.trim() !== '');
  if (written.length === 0) return null;
  const lines = written.map((line) => asObject(parseJson(line))).filter((line) => line !== null);
  if (lines.length === 0) {
    // Half a line may be left by a crash.
    return written.some((line) => line.trimStart().startsWith('{'))
      ? null
      : { kind: 'unreadable', program: null };
  }
  for (const line of lines) {
    const program = PROGRAMS.find(([, isOf]) => isOf(line))?.[0];
    if (program !== undefined) return { kind: 'other-agent', program };
    if (isOfClaudeCode(line)) return null;
  }
  return { kind: 'other-agent', program: 'an unknown program' };
}

function isOfClaudeCode(line: JsonObject): boolean {
  return (
    CLAUDE_CODE_TYPES.has(asText(line['type']) ?? '') || CLAUDE_CODE_KEYS.some((key) => key in line)
  );
}
