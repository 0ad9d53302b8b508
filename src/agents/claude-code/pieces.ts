import { PIECE_KINDS, type Piece } from '../../core/attribution/step.ts';
import { type JsonObject, asArray, asObject, asText } from '../../core/lang/json.ts';

/** An image has about 1,500 tokens whatever its size in bytes; in characters of text, four per token. */
const IMAGE_CHARS = 6000;
/** One or two pages: finding the actual number would require parsing the document. */
const DOCUMENT_CHARS = 12_000;
/**
 * A tool found by a search comes with its definition, which no line contains; the length is that of
 * Claude Code's own tools.
 */
const TOOL_DEFINITION_CHARS = 2600;
/** Encrypted thinking is base64. */
const CHARS_PER_BASE64 = 0.75;
const MAX_DEPTH = 16;

/** What one line of a response wrote, block by block in the order of the line. */
export function responsePieces(content: unknown, uuid: string | null): Piece[] {
  const pieces: Piece[] = [];
  for (const item of asArray(content)) {
    const block = asObject(item);
    if (block === null) continue;
    const piece = responsePiece(block, lineKey(uuid, pieces.length));
    if (piece !== null) pieces.push(piece);
  }
  return pieces;
}

function responsePiece(block: JsonObject, key: string): Piece | null {
  const type = asText(block['type']) ?? '';
  switch (type) {
    case 'text':
      return [PIECE_KINDS.text, key, measureLength(block['text'])];
    case 'thinking': {
      const chars = measureLength(block['thinking']) || sealedLength(block['signature']);
      return [PIECE_KINDS.thinking, key, chars];
    }
    case 'redacted_thinking':
      return [PIECE_KINDS.thinking, key, sealedLength(block['data'])];
    case 'tool_use': {
      const name = asText(block['name']) ?? '';
      const chars = name.length + jsonLength(block['input'], 0);
      return [PIECE_KINDS.toolCall, asText(block['id']) ?? '', chars];
    }
    case 'server_tool_use': {
      const name = asText(block['name']) ?? '';
      return [PIECE_KINDS.serverToolCall, name, name.length + jsonLength(block['input'], 0)];
    }
    default:
      if (!type.endsWith('_tool_result')) return null;
      return [
        PIECE_KINDS.serverToolResult,
        type.slice(0, -'_tool_result'.length),
        contentLength(block['content']),
      ];
  }
}

/**
 * What a user line put into the context: tool results, a prompt, or text that Claude Code adds on behalf of
 * the user.
 */
export function userPieces(line: JsonObject, uuid: string | null): Piece[] {
  const content = asObject(line['message'])?.['content'];
  if (line['isCompactSummary'] === true) {
    return [[PIECE_KINDS.summary, '', contentLength(content)]];
  }
  const pieces: Piece[] = [];
  let other = typeof content === 'string' ? content.length : 0;
  for (const item of asArray(content)) {
    const block = asObject(item);
    const toolUseId = block?.['type'] === 'tool_result' ? asText(block['tool_use_id']) : null;
    if (toolUseId === null) other += contentLength([item]);
    else pieces.push([PIECE_KINDS.toolResult, toolUseId, contentLength(block?.['content'])]);
  }
  if (other === 0) return pieces;
  const source = asText(line['sourceToolUseID']);
  if (source !== null) pieces.push([PIECE_KINDS.toolContext, source, other]);
  else if (pieces.length > 0) {
    // Text next to a tool result comes from Claude Code.
    pieces.push([PIECE_KINDS.attachment, '', other]);
  } else if (line['isMeta'] === true) {
    const isHook = joinText(content).startsWith('Stop hook feedback:');
    pieces.push([isHook ? PIECE_KINDS.hookOutput : PIECE_KINDS.attachment, '', other]);
  } else pieces.push(promptPiece(content, uuid, other));
  return pieces;
}

const TASK_REPORT = /^\s*<task-notification>/;
const TASK_TOOL_USE = /<tool-use-id>([\w-]+)<\/tool-use-id>/;
/** How much of a report is searched for the call it belongs to. */
const MAX_REPORT_HEAD = 1000;

/** The prompt, or the report of a background task in its place, which belongs to a tool call. */
function promptPiece(content: unknown, uuid: string | null, chars: number): Piece {
  const text = joinText(content).slice(0, MAX_REPORT_HEAD);
  if (!TASK_REPORT.test(text)) return [PIECE_KINDS.prompt, lineKey(uuid, 0), chars];
  const toolUseId = TASK_TOOL_USE.exec(text)?.[1];
  if (toolUseId === undefined) return [PIECE_KINDS.attachment, '', chars];
  return [PIECE_KINDS.toolContext, toolUseId, chars];
}

/** The text of a content, or of its first block. */
function joinText(content: unknown): string {
  if (typeof content === 'string') return content;
  return asText(asObject(asArray(content)[0])?.['text']) ?? '';
}

/** Hooks whose output the model reads; the output of others goes only to the user. */
const HEARD_HOOKS: readonly string[] = ['SessionStart', 'UserPromptSubmit'];
const HOOK_OUTPUT: readonly string[] = [
  'hook_additional_context',
  'hook_stopped_continuation',
  'async_hook_response',
];
/** What Claude Code states about itself and its environment: part of the start of every conversation. */
const LISTINGS: readonly string[] = [
  'deferred_tools_delta',
  'agent_listing_delta',
  'mcp_instructions_delta',
  'skill_listing',
  'environment',
  'model',
  'total_tokens_reminder',
];
/** The fields that contain an attachment's text, whatever its type. */
const TEXT_FIELDS = [
  'content',
  'addedLines',
  'addedBlocks',
  'snippet',
  'prompt',
  'text',
  'snapshot',
  'stdout',
];

/** What an `attachment` line put into the context; empty if only the user sees it. */
export function attachmentPieces(attachment: unknown, uuid: string | null): Piece[] {
  const value = asObject(attachment);
  const type = asText(value?.['type']);
  if (value === null || type === null || type === 'hook_system_message') return [];
  if (type === 'hook_success') {
    const isHeard = HEARD_HOOKS.includes(asText(value['hookEvent']) ?? '');
    return isHeard ? sized(PIECE_KINDS.hookOutput, '', contentLength(value['content'])) : [];
  }
  if (type === 'hook_blocking_error') {
    const { blockingError: error } = value;
    const chars =
      measureLength(asObject(error)?.['blockingError']) +
      measureLength(asObject(error)?.['command']);
    return sized(PIECE_KINDS.hookOutput, '', chars);
  }
  if (type === 'instructions') return asArray(value['files']).flatMap(instructionPieces);
  let chars = 0;
  for (const name of TEXT_FIELDS) {
    if (name !== 'stdout' || HOOK_OUTPUT.includes(type)) chars += contentLength(value[name]);
  }
  if (HOOK_OUTPUT.includes(type)) return sized(PIECE_KINDS.hookOutput, '', chars);
  if (LISTINGS.includes(type)) return sized(PIECE_KINDS.system, '', chars);
  // Text that the user typed while the agent worked.
  if (type === 'queued_command') {
    return chars === 0 ? [] : [promptPiece(value['prompt'], uuid, chars)];
  }
  return sized(PIECE_KINDS.attachment, getFilePath(value), chars);
}

/** `CLAUDE.md` and similar files, each by its path. */
function instructionPieces(file: unknown): Piece[] {
  const value = asObject(file);
  return value === null
    ? []
    : sized(PIECE_KINDS.attachment, asText(value['path']) ?? '', contentLength(value['content']));
}

function sized(kind: Piece[0], key: string, chars: number): Piece[] {
  return chars > 0 ? [[kind, key, chars]] : [];
}

function getFilePath(attachment: JsonObject): string {
  return asText(attachment['path']) ?? asText(attachment['filename']) ?? '';
}

/** The start of a uuid distinguishes the lines of one request. */
function lineKey(uuid: string | null, index: number): string {
  return `${(uuid ?? '').slice(0, 8)}${index === 0 ? '' : `.${index}`}`;
}

function measureLength(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}

function sealedLength(value: unknown): number {
  return Math.round(measureLength(value) * CHARS_PER_BASE64);
}

/** Content whose size in the context does not depend on the line's text: bytes, or a mere name. */
const FIXED_CHARS: ReadonlyMap<unknown, number> = new Map([
  ['image', IMAGE_CHARS],
  ['document', DOCUMENT_CHARS],
  ['pdf', DOCUMENT_CHARS],
  ['tool_reference', TOOL_DEFINITION_CHARS],
]);

/**
 * The length in characters of a message's content, or of a file's: text, or blocks of text, images and
 * documents.
 */
function contentLength(content: unknown): number {
  if (typeof content === 'string') return content.length;
  if (!Array.isArray(content)) {
    return FIXED_CHARS.get(asObject(content)?.['type']) ?? jsonLength(content, 0);
  }
  let chars = 0;
  for (const item of content) {
    const block = asObject(item);
    if (block === null) chars += measureLength(item);
    else if (block['type'] === 'text') chars += measureLength(block['text']);
    else chars += FIXED_CHARS.get(block['type']) ?? jsonLength(block, 0);
  }
  return chars;
}

/**
 * The approximate length of a value as JSON, without serialising it: an import calls this a hundred
 * thousand times.
 */
function jsonLength(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) {
    return value === undefined ? 0 : 4;
  }
  let chars = 2;
  if (Array.isArray(value)) {
    for (const item of value) chars += jsonLength(item, depth + 1) + 1;
    return chars;
  }
  for (const name in value) {
    chars += name.length + 4 + jsonLength((value as JsonObject)[name], depth + 1);
  }
  return chars;
}
