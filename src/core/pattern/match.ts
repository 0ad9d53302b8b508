import { type PatternStep, compilePattern } from './compile.ts';
import type { Place } from './node.ts';
import { parsePattern } from './parse.ts';

/** A match: all of it, and its first group (null: the group did not take part). */
export interface Found {
  whole: string;
  first: string | null;
}

/**
 * A search that finds what RegExp finds, in time that grows linearly with the length of the text (RegExp
 * may take exponential time): no step is tried twice at one position, because it would fail again.
 * @throws PatternRefused or SyntaxError for a pattern that is not supported
 */
export function patternSearch(source: string): (text: string) => Found | null {
  const program = compilePattern(parsePattern(source));
  return (text) => {
    const run = new Run(program, text, new Map());
    for (let start = 0; start <= text.length; start++) {
      const end = run.from(start);
      if (end === null) continue;
      const { group } = run;
      const first = group === null ? null : text.slice(group.start, group.end);
      return { whole: text.slice(start, end), first };
    }
    return null;
  };
}

interface Group {
  start: number;
  end: number;
}

/** What is still to be tried, and what to restore before trying it. */
type Job = { at: number; step: number } | { opened: number; group: Group | null };

class Run {
  group: Group | null = null;
  #opened = 0;
  readonly #program: PatternStep[];
  readonly #text: string;
  /** Each step at each position: 1 if it was tried. */
  readonly #tried: Uint8Array;
  /** The results of lookarounds, by step and position. */
  readonly #looks: Map<PatternStep, Map<number, boolean>>;

  constructor(program: PatternStep[], text: string, looks: Map<PatternStep, Map<number, boolean>>) {
    this.#program = program;
    this.#text = text;
    this.#looks = looks;
    this.#tried = new Uint8Array(program.length * (text.length + 1));
  }

  /** The end of a match that starts at this position; null if there is none. */
  from(start: number): number | null {
    const text = this.#text;
    const jobs: Job[] = [{ at: start, step: 0 }];
    for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) {
      if ('group' in job) {
        this.group = job.group;
        this.#opened = job.opened;
        continue;
      }
      const { at, step: number } = job;
      const place = number * (text.length + 1) + at;
      if (this.#tried[place] === 1) continue;
      this.#tried[place] = 1;
      const step = this.#program[number] as PatternStep;
      const next = { at, step: number + 1 };
      switch (step.do) {
        case 'letter':
          if (text[at] === step.letter) jobs.push({ at: at + 1, step: number + 1 });
          break;
        case 'set':
          if (at < text.length && step.set.test(text.charAt(at))) {
            jobs.push({ at: at + 1, step: number + 1 });
          }
          break;
        case 'place':
          if (isAt(step.where, text, at)) jobs.push(next);
          break;
        case 'either':
          jobs.push({ at, step: step.second }, { at, step: step.first });
          break;
        case 'jump':
          jobs.push({ at, step: step.to });
          break;
        case 'look':
          if (this.#isSeen(step, at) !== step.isNegative) jobs.push(next);
          break;
        case 'found':
          return at;
        default:
          jobs.push({ opened: this.#opened, group: this.group }, next);
          if (step.do === 'open') this.#opened = at;
          else this.group = step.do === 'close' ? { start: this.#opened, end: at } : null;
      }
    }
    return null;
  }

  #isSeen(step: Extract<PatternStep, { do: 'look' }>, at: number): boolean {
    const results = this.#looks.get(step) ?? new Map<number, boolean>();
    this.#looks.set(step, results);
    let isSeen = results.get(at);
    if (isSeen === undefined) {
      isSeen = step.starts.some(({ program, back }) => {
        // A lookbehind of fixed length can only end here.
        return at >= back && new Run(program, this.#text, this.#looks).from(at - back) !== null;
      });
      results.set(at, isSeen);
    }
    return isSeen;
  }
}

function isAt(where: Place, text: string, at: number): boolean {
  if (where === 'start') return at === 0;
  if (where === 'end') return at === text.length;
  const isEdge = isWord(text.charAt(at - 1)) !== isWord(text.charAt(at));
  return isEdge === (where === 'edge');
}

function isWord(letter: string): boolean {
  return /^\w$/.test(letter);
}
