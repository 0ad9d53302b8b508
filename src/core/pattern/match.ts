import { type PatternStep, compilePattern } from './compile.ts';
import type { Place } from './node.ts';
import { parsePattern } from './parse.ts';

/** What a pattern found: the whole, and its first group (null: it took no part). */
export interface Found {
  whole: string;
  first: string | null;
}

/**
 * A search for a pattern that finds what RegExp finds, in time that grows with the length of the text
 * (not exponentially, as RegExp's may): no step is tried twice at one place, as it would fail again.
 * @throws PatternRefused or SyntaxError for what is not run
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

/** What is still to be tried, or to be put back before that. */
type Job = { at: number; step: number } | { opened: number; group: Group | null };

class Run {
  group: Group | null = null;
  #opened = 0;
  readonly #program: PatternStep[];
  readonly #text: string;
  /** Each step at each place: 1 where it was tried. */
  readonly #tried: Uint8Array;
  /** What looks have found: by their step, at each place. */
  readonly #looks: Map<PatternStep, Map<number, boolean>>;

  constructor(program: PatternStep[], text: string, looks: Map<PatternStep, Map<number, boolean>>) {
    this.#program = program;
    this.#text = text;
    this.#looks = looks;
    this.#tried = new Uint8Array(program.length * (text.length + 1));
  }

  /** Where a match that starts there ends; null where there is none. */
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
    const known = this.#looks.get(step) ?? new Map<number, boolean>();
    this.#looks.set(step, known);
    let isSeen = known.get(at);
    if (isSeen === undefined) {
      isSeen = step.starts.some(({ program, back }) => {
        // What has a fixed length can end only here.
        return at >= back && new Run(program, this.#text, this.#looks).from(at - back) !== null;
      });
      known.set(at, isSeen);
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
