import { type Node, PatternRefused, type Place, fixedLength, hasCapture } from './node.ts';

/** One step of a program; unless stated otherwise, the next step follows. */
export type PatternStep =
  | { do: 'letter'; letter: string }
  | { do: 'set'; set: RegExp }
  | { do: 'place'; where: Place }
  /** Continues at the first of two places, and if that fails, at the second. */
  | { do: 'either'; first: number; second: number }
  | { do: 'jump'; to: number }
  | { do: 'open' | 'close' | 'forget' | 'found' }
  /** `back`: how many characters before the current one each alternative starts. */
  | { do: 'look'; starts: { program: PatternStep[]; back: number }[]; isNegative: boolean };

/**
 * Most steps of a whole program, lookarounds included: searching a branch takes at most this times its
 * length.
 */
const MAX_STEPS = 500;
/** A lookaround runs again at each position, so fewer steps are allowed in one. */
const MAX_LOOK_STEPS = 60;

/**
 * Compiles a program for the matcher. Counted repeats are expanded.
 * @throws PatternRefused if the program becomes too long, or a lookbehind has no fixed length
 */
export function compilePattern(node: Node): PatternStep[] {
  return new Compiler({ left: MAX_STEPS }).program(node);
}

class Compiler {
  readonly #steps: PatternStep[] = [];
  readonly #room: { left: number };

  constructor(room: { left: number }) {
    this.#room = room;
  }

  program(node: Node): PatternStep[] {
    this.#add(node);
    this.#put({ do: 'found' });
    return this.#steps;
  }

  #put<Kind extends PatternStep>(step: Kind): Kind {
    if (--this.#room.left < 0) throw new PatternRefused('repeats too often');
    this.#steps.push(step);
    return step;
  }

  #add(node: Node): void {
    switch (node.kind) {
      case 'letter':
        this.#put({ do: 'letter', letter: node.letter });
        return;
      case 'set':
        // RegExp itself tests a single character: that takes negligible time.
        this.#put({ do: 'set', set: new RegExp(`^${node.source}$`) });
        return;
      case 'place':
        this.#put({ do: 'place', where: node.where });
        return;
      case 'sequence':
        for (const part of node.parts) this.#add(part);
        return;
      case 'choice':
        this.#choose(node.options);
        return;
      case 'repeat':
        this.#repeat(node);
        return;
      case 'capture':
        this.#put({ do: 'open' });
        this.#add(node.node);
        this.#put({ do: 'close' });
        return;
      case 'look':
        this.#look(node);
    }
  }

  #choose(options: Node[]): void {
    const jumps: { to: number }[] = [];
    options.forEach((option, index) => {
      if (index === options.length - 1) {
        this.#add(option);
        return;
      }
      const either = this.#put({ do: 'either', first: this.#steps.length + 1, second: 0 });
      this.#add(option);
      jumps.push(this.#put({ do: 'jump', to: 0 }));
      either.second = this.#steps.length;
    });
    for (const jump of jumps) jump.to = this.#steps.length;
  }

  #repeat({ node, min, max, isLazy }: Extract<Node, { kind: 'repeat' }>): void {
    const once = (): void => {
      if (hasCapture(node)) this.#put({ do: 'forget' });
      this.#add(node);
    };
    const skip = (): { leadTo: (end: number) => void } => {
      const inside = this.#steps.length + 1;
      const either = this.#put({ do: 'either', first: inside, second: inside });
      return { leadTo: (end) => (isLazy ? (either.first = end) : (either.second = end)) };
    };
    for (let count = 0; count < min; count++) this.#leaving(once);
    if (max === Infinity) {
      const start = this.#steps.length;
      const { leadTo } = skip();
      once();
      this.#put({ do: 'jump', to: start });
      leadTo(this.#steps.length);
      return;
    }
    const skips = [];
    for (let count = min; count < max; count++) {
      skips.push(skip());
      once();
    }
    for (const { leadTo } of skips) leadTo(this.#steps.length);
  }

  /** A repeat of nothing would be expanded without end: `(?:){1000000}`. */
  #leaving(add: () => void): void {
    this.#room.left--;
    if (this.#room.left < 0) throw new PatternRefused('repeats too often');
    add();
  }

  #look({ node, isBehind, isNegative }: Extract<Node, { kind: 'look' }>): void {
    const options = isBehind && node.kind === 'choice' ? node.options : [node];
    const starts = options.map((option) => {
      const back = isBehind ? fixedLength(option) : 0;
      if (back === null) throw new PatternRefused('has a lookbehind of variable length');
      const program = new Compiler(this.#room).program(option);
      if (program.length > MAX_LOOK_STEPS)
        throw new PatternRefused('has a lookaround that is too large');
      return { program, back };
    });
    this.#put({ do: 'look', starts, isNegative });
  }
}
