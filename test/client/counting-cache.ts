import type { Block, CountUsage, WireUsage } from './scenario.ts';
import { usage, writes } from './scenario.ts';

/** A part of a request as it was sent, cached separately by the vendor. */
export interface Segment {
  /** `system`, `tools`, or the type of the block. */
  type: string;
  /** The id of the tool call, for a call and for its result. */
  toolUseId: string | null;
  text: string;
  tokens: number;
}

interface WireContent {
  type: string;
  id?: string;
  tool_use_id?: string;
  text?: string;
  name?: string;
  input?: object;
  content?: string | WireContent[];
}

interface Body {
  system?: string | WireContent[];
  tools?: object[];
  messages: { content: string | WireContent[] }[];
}

/** The ratio that this scripted API uses for every text. */
const CHARS_PER_TOKEN = 4;
/** The tokens of an image do not depend on its bytes. */
const IMAGE_TOKENS = 1500;

/** Differs in every process, and is not part of the prompt's text. */
const BILLING_HEADER = 'x-anthropic-billing-header';

/** The segments of a request in order; the client's cache markers are not text. */
export function segmentsOf(body: string): Segment[] {
  const { system = '', tools = [], messages } = JSON.parse(body) as Body;
  const blocks = messages.flatMap(({ content }) => blocksOf(content));
  const texts = blocksOf(system).map(textOf);
  return [
    segment('system', null, texts.filter((text) => !text.startsWith(BILLING_HEADER)).join('')),
    segment('tools', null, JSON.stringify(tools)),
    ...blocks.map((block) => {
      const one = segment(block.type, block.id ?? block.tool_use_id ?? null, textOf(block));
      return { ...one, tokens: one.tokens + imagesIn(block) * IMAGE_TOKENS };
    }),
  ];
}

function imagesIn({ type, content }: WireContent): number {
  if (type === 'image') return 1;
  return blocksOf(content ?? '').filter((inner) => inner.type === 'image').length;
}

function segment(type: string, toolUseId: string | null, text: string): Segment {
  return { type, toolUseId, text, tokens: Math.round(text.length / CHARS_PER_TOKEN) };
}

function blocksOf(content: string | WireContent[]): WireContent[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function textOf({ text, name, input, content }: WireContent): string {
  if (text !== undefined) return text;
  if (name !== undefined) return `${name}${JSON.stringify(input)}`;
  return blocksOf(content ?? '')
    .map(textOf)
    .join('');
}

export function tokensIn(segments: readonly Segment[]): number {
  return segments.reduce((sum, { tokens }) => sum + tokens, 0);
}

/**
 * Bills a scripted API's responses as the vendor would if four characters were a token: the longest prefix that
 * an earlier request began with is read from the cache, the rest is written to it.
 */
export class CountingCache {
  #held: Segment[][] = [];
  readonly #life: '5m' | '1h';

  constructor(life: '5m' | '1h' = '5m') {
    this.#life = life;
  }

  /** Makes every cache expire. */
  forget(): void {
    this.#held = [];
  }

  readonly count: CountUsage = (body, content): WireUsage => {
    const segments = segmentsOf(body);
    const read = Math.max(0, ...this.#held.map((held) => tokensIn(commonStart(segments, held))));
    this.#held.push(segments);
    const written = tokensIn(segments) - read;
    return usage({
      input_tokens: 0,
      cache_read_input_tokens: read,
      ...(this.#life === '5m' ? writes(written, 0) : writes(0, written)),
      output_tokens: content.reduce((sum, block) => sum + outputTokens(block), 0),
    });
  };
}

function commonStart(segments: Segment[], held: Segment[]): Segment[] {
  const differs = segments.findIndex(({ text }, index) => text !== held[index]?.text);
  return differs < 0 ? segments : segments.slice(0, differs);
}

function outputTokens(block: Block): number {
  const chars =
    block.type === 'text'
      ? block.text.length
      : block.name.length + JSON.stringify(block.input).length;
  return Math.round(chars / CHARS_PER_TOKEN);
}
