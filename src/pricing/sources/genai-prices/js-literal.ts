// Parses the JavaScript literal that begins at `start`: objects, arrays, strings, numbers, the minifier's
// !0 and !1. genai-prices has its data only inside its program, and a generator of prices must not execute
// anything it downloaded.
export function readLiteral(text: string, start: number): unknown {
  let at = start;

  function value(): unknown {
    skip();
    const char = text[at];
    if (char === '{') return object();
    if (char === '[') return array();
    if (char === '"' || char === "'" || char === '`') return string(char);
    for (const [identifier, meaning] of WORDS) {
      if (text.startsWith(identifier, at)) {
        at += identifier.length;
        return meaning;
      }
    }
    const number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/i.exec(text.slice(at, at + 32));
    if (number === null) throw new Error(`expected a literal at ${at}: ${text.slice(at, at + 40)}`);
    at += number[0].length;
    return Number(number[0]);
  }

  function object(): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    at++;
    for (skip(); text[at] !== '}'; skip()) {
      const char = text[at];
      const name = char === '"' || char === "'" ? string(char) : identifier();
      skip();
      expect(':');
      result[name] = value();
      skip();
      if (text[at] === ',') at++;
    }
    at++;
    return result;
  }

  function array(): unknown[] {
    const result: unknown[] = [];
    at++;
    for (skip(); text[at] !== ']'; skip()) {
      result.push(value());
      skip();
      if (text[at] === ',') at++;
    }
    at++;
    return result;
  }

  function identifier(): string {
    const match = /^[\w$]+/.exec(text.slice(at, at + 80));
    if (match === null) throw new Error(`expected a name at ${at}`);
    at += match[0].length;
    return match[0];
  }

  function string(quote: string): string {
    let result = '';
    for (at++; text[at] !== quote; at++) {
      if (at >= text.length) throw new Error('unterminated string');
      const char = text[at] ?? '';
      const escaped = char === '\\' ? (text[++at] ?? '') : char;
      result += char === '\\' ? (ESCAPES[escaped] ?? escaped) : char;
    }
    at++;
    return result;
  }

  function skip(): void {
    while (/\s/.test(text[at] ?? '')) at++;
    if (at >= text.length) throw new Error('unterminated literal');
  }

  function expect(char: string): void {
    if (text[at] !== char) throw new Error(`expected ${char} at ${at}`);
    at++;
  }

  return value();
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
const WORDS: readonly (readonly [identifier: string, meaning: unknown])[] = [
  ['!0', true],
  ['!1', false],
  ['true', true],
  ['false', false],
  ['null', null],
  ['void 0', undefined],
];
