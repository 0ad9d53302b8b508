import {
  type Node,
  type ParseError,
  createScanner,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';

export type JsoncNode = Node;

/** `root` is null for a text with nothing but white space and comments. */
type ParsedJsonc = { ok: true; root: JsoncNode | null } | { ok: false; problem: string };

/** Scanner kinds by number: the package exports them as a `const enum`, which bundlers can't see. */
const COMMA = 5;
const LINE_COMMENT = 12;
const BLOCK_COMMENT = 13;
const LINE_BREAK = 14;
const WHITE_SPACE = 15;
const END_OF_FILE = 17;
const TRIVIA = new Set<number>([LINE_COMMENT, BLOCK_COMMENT, LINE_BREAK, WHITE_SPACE]);
const KINDS = new Map<number, GapToken['kind']>([
  [COMMA, 'comma'],
  [LINE_COMMENT, 'line-comment'],
  [BLOCK_COMMENT, 'block-comment'],
]);

/**
 * Parses JSON with comments and trailing commas, and reports the place of an error. Never throws. After an
 * error no tree is returned, although the parser would guess one.
 */
export function parseJsonc(text: string): ParsedJsonc {
  if (isBlank(text)) return { ok: true, root: null };
  const errors: ParseError[] = [];
  try {
    const root = parseTree(text, errors, { allowTrailingComma: true });
    const error = errors[0];
    if (error !== undefined) return { ok: false, problem: describe(text, error) };
    return { ok: true, root: root ?? null };
  } catch {
    // The parser is recursive: a hundred thousand brackets exhaust the stack.
    return { ok: false, problem: 'nested too deeply' };
  }
}

function isBlank(text: string): boolean {
  const scanner = createScanner(text);
  for (let kind = scanner.scan(); Number(kind) !== END_OF_FILE; kind = scanner.scan()) {
    if (!TRIVIA.has(kind) || Number(scanner.getTokenError()) !== 0) return false;
  }
  return true;
}

function describe(text: string, error: ParseError): string {
  const lines = text.slice(0, error.offset).split(/\r\n|\n|\r/);
  const column = (lines.at(-1) ?? '').length + 1;
  const problem = printParseErrorCode(error.error).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return `line ${lines.length}, column ${column}: ${problem.toLowerCase()}`;
}

/** The value of an object's property; of several with one name the last, as in `JSON.parse`. */
export function propertyValue(object: JsoncNode, name: string): JsoncNode | undefined {
  const property = object.children?.findLast((member) => member.children?.[0]?.value === name);
  return property?.children?.[1];
}

export function getEnd(node: JsoncNode): number {
  return node.offset + node.length;
}

/** The position of the closing bracket of an object or array. */
export function getCloseOffset(container: JsoncNode): number {
  return getEnd(container) - 1;
}

export interface GapToken {
  kind: 'comma' | 'line-comment' | 'block-comment';
  start: number;
  end: number;
}

/** Commas and comments between two nodes of one container, or a node and a bracket. */
export function gapTokens(text: string, start: number, end: number): GapToken[] {
  const scanner = createScanner(text.slice(start, end));
  const tokens: GapToken[] = [];
  for (let token = scanner.scan(); Number(token) !== END_OF_FILE; token = scanner.scan()) {
    const kind = KINDS.get(token);
    if (kind === undefined) continue;
    const tokenStart = start + scanner.getTokenOffset();
    tokens.push({ kind, start: tokenStart, end: tokenStart + scanner.getTokenLength() });
  }
  return tokens;
}
