import { type Node, PatternRefused, canBeEmpty } from './node.ts';

/** Longest pattern, in characters; real patterns have a few dozen. */
const MAX_CHARACTERS = 200;
/** Deepest nesting of groups. */
const MAX_DEPTH = 20;

const QUANTIFIER = /(?:[*+?]|\{(\d+)(,(\d*))?\})(\??)/y;
const CLASS = /\[(?:\\[^]|[^\]\\])*\]/y;
const GROUP = /\((?:\?(?::|<?[=!]|<[A-Za-z_$][\w$]*>))?/y;
/**
 * One character by its class or code, or an escaped mark. Other escaped letters and digits have special
 * meanings.
 */
const ESCAPE = /\\(?:[dDwWsStnrfv]|0(?!\d)|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|[^A-Za-z0-9])/y;

/**
 * Parses the subset of regular expressions that can be matched in linear time, with RegExp's meaning
 * without flags.
 * @throws PatternRefused for anything else: references, repeats of an empty match, a first group inside a
 * lookaround, other escapes of letters, and patterns that are too long
 * @throws SyntaxError for text that is not a regular expression
 */
export function parsePattern(source: string): Node {
  if (source.length > MAX_CHARACTERS) {
    throw new PatternRefused(`is longer than ${MAX_CHARACTERS} characters`);
  }
  // Throws for whatever RegExp rejects, so that the parser may rely on a well-formed pattern.
  void new RegExp(source);
  return new Parser(source).parse();
}

class Parser {
  readonly #source: string;
  #at = 0;
  #captures = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Node {
    return this.#choice(0, false);
  }

  #choice(depth: number, isInLook: boolean): Node {
    if (depth > MAX_DEPTH) throw new PatternRefused(`nests more than ${MAX_DEPTH} groups`);
    const options: Node[] = [];
    do {
      const parts: Node[] = [];
      while (this.#at < this.#source.length && !/[|)]/.test(this.#source.charAt(this.#at))) {
        parts.push(this.#repeated(this.#atom(depth, isInLook)));
      }
      options.push({ kind: 'sequence', parts });
    } while (this.#take('|'));
    return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };
  }

  #repeated(node: Node): Node {
    const match = this.#match(QUANTIFIER);
    if (match === null) return node;
    const [text = '', least, comma, most, lazy] = match;
    const [min, max] =
      least === undefined
        ? [text.startsWith('+') ? 1 : 0, text.startsWith('?') ? 1 : Infinity]
        : [Number(least), comma === undefined ? Number(least) : most ? Number(most) : Infinity];
    if (min !== max && canBeEmpty(node)) {
      throw new PatternRefused('repeats a part that can match nothing');
    }
    return { kind: 'repeat', node, min, max, isLazy: lazy === '?' };
  }

  #atom(depth: number, isInLook: boolean): Node {
    const letter = this.#source.charAt(this.#at);
    if (letter === '(') return this.#group(depth, isInLook);
    if (letter === '[') return { kind: 'set', source: this.#match(CLASS)?.[0] ?? letter };
    if (letter === '\\') return this.#escape();
    this.#at++;
    if (letter === '.') return { kind: 'set', source: letter };
    if (letter === '^') return { kind: 'place', where: 'start' };
    if (letter === '$') return { kind: 'place', where: 'end' };
    return { kind: 'letter', letter };
  }

  #escape(): Node {
    if (this.#take('\\b')) return { kind: 'place', where: 'edge' };
    if (this.#take('\\B')) return { kind: 'place', where: 'no-edge' };
    const match = this.#match(ESCAPE);
    if (match !== null) return { kind: 'set', source: match[0] };
    throw new PatternRefused(`contains ${this.#source.slice(this.#at, this.#at + 2)}`);
  }

  #group(depth: number, isInLook: boolean): Node {
    const start = this.#match(GROUP)?.[0] ?? '(';
    if (start === '(' && this.#take('?'))
      throw new PatternRefused('has flags or an unsupported group name');
    const look = /^\(\?(<?)([=!])$/.exec(start);
    let isFirst = false;
    if (look === null && start !== '(?:') {
      this.#captures++;
      isFirst = this.#captures === 1;
      if (isInLook && isFirst) throw new PatternRefused('has its first group in a lookaround');
    }
    const node = this.#choice(depth + 1, isInLook || look !== null);
    this.#at++;
    if (look === null) return isFirst ? { kind: 'capture', node } : node;
    return { kind: 'look', node, isBehind: look[1] === '<', isNegative: look[2] === '!' };
  }

  #take(text: string): boolean {
    const isThere = this.#source.startsWith(text, this.#at);
    if (isThere) this.#at += text.length;
    return isThere;
  }

  #match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const match = expression.exec(this.#source);
    if (match !== null) this.#at += match[0].length;
    return match;
  }
}
