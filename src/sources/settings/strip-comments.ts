/**
 * Converts JSON with comments and trailing commas to strict JSON; a comment becomes a space. Invalid
 * JSON stays invalid, so that the parser rejects it. A single pass that reads each character a fixed
 * number of times: the file may come from a hostile repository.
 * The commands that edit Claude Code's settings parse them with `jsonc-parser` (agents/jsonc), which
 * gives positions in the text. Here it would cost each start of the hook 0.4 ms, even from the code
 * cache and without any comment (it fills tables when it is loaded), and 9,200 more bytes of bundle. A
 * property test checks that both read the same: test/hostile/comments.test.ts.
 */
export function stripComments(text: string): string {
  const pieces: string[] = [];
  /** The index of a comma that is followed only by space so far. */
  let comma = -1;
  let at = 0;
  while (at < text.length) {
    const end = endOfToken(text, at);
    const token = text.slice(at, end);
    at = end;
    if (isComment(token)) {
      pieces.push(' ');
      continue;
    }
    if (isSpace(token)) {
      pieces.push(token);
      continue;
    }
    if (comma >= 0 && (token === '}' || token === ']')) pieces[comma] = '';
    comma = token === ',' ? pieces.length : -1;
    pieces.push(token);
  }
  return pieces.join('');
}

/** The end of a string, a comment, a run of space, or a single other character. */
function endOfToken(text: string, start: number): number {
  const letter = text.charAt(start);
  if (letter === '"') return endOfString(text, start);
  if (letter === '/' && text[start + 1] === '/') return endOfLine(text, start);
  if (letter === '/' && text[start + 1] === '*') {
    const end = text.indexOf('*/', start + 2);
    // Unterminated: the rest is one token, so that later "/*" do not search for an end again.
    return end < 0 ? text.length : end + 2;
  }
  if (!isSpace(letter)) return start + 1;
  let end = start + 1;
  while (end < text.length && isSpace(text.charAt(end))) end++;
  return end;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function endOfLine(text: string, start: number): number {
  let end = start;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

function isComment(token: string): boolean {
  return (
    token.startsWith('//') || (token.startsWith('/*') && token.endsWith('*/') && token.length >= 4)
  );
}

function isSpace(token: string): boolean {
  const letter = token.charAt(0);
  return letter === ' ' || letter === '\n' || letter === '\r' || letter === '\t';
}
