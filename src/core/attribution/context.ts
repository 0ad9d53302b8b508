import { type CauseKey, isBase } from './share.ts';
import { splitInProportion } from './split.ts';

/** The contents of a thread's context: tokens by cause, in the order in which causes first entered. */
export class Context {
  causes: CauseKey[] = [];
  /** The tokens of each cause that are in the context now. */
  tokens: number[] = [];
  #indexes = new Map<string, number>();

  findCause(key: CauseKey): number {
    const name = `${key.cause}\n${key.detail}`;
    let index = this.#indexes.get(name);
    if (index === undefined) {
      index = this.causes.length;
      this.#indexes.set(name, index);
      this.causes.push(key);
      this.tokens.push(0);
    }
    return index;
  }

  sum(): number {
    let sum = 0;
    for (const count of this.tokens) sum += count;
    return sum;
  }

  /**
   * Empties the context, except for what is sent with every request. What the conversation listed of that
   * will be listed again. The indexes of causes change.
   */
  reset(): void {
    const base = this.causes.flatMap((key, index): [CauseKey, number][] =>
      isBase(key) ? [[key, this.tokens[index] ?? 0]] : [],
    );
    this.causes = [];
    this.tokens = [];
    this.#indexes = new Map();
    for (const [key, tokens] of base) this.tokens[this.findCause(key)] = tokens;
  }

  /** Something left the context and no line shows what, so every cause shrinks in proportion. */
  shrinkTo(size: number): void {
    this.tokens = splitInProportion(size, this.tokens) ?? this.tokens.map(() => 0);
  }
}
