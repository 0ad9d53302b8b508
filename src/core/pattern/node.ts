/** A pattern as a tree. */
export type Node =
  | { kind: 'letter'; letter: string }
  /** One character of a set: a class, an escape or the dot, as RegExp writes it. */
  | { kind: 'set'; source: string }
  | { kind: 'place'; where: Place }
  | { kind: 'sequence'; parts: Node[] }
  | { kind: 'choice'; options: Node[] }
  | { kind: 'repeat'; node: Node; min: number; max: number; isLazy: boolean }
  /** The first group; only this one is ever requested. */
  | { kind: 'capture'; node: Node }
  | { kind: 'look'; node: Node; isBehind: boolean; isNegative: boolean };

export type Place = 'start' | 'end' | 'edge' | 'no-edge';

/**
 * A regular expression that is not supported. The message continues a sentence that begins with the
 * pattern.
 */
export class PatternRefused extends Error {
  override readonly name = 'PatternRefused';
}

export function canBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case 'letter':
    case 'set':
      return false;
    case 'place':
    case 'look':
      return true;
    case 'sequence':
      return node.parts.every(canBeEmpty);
    case 'choice':
      return node.options.some(canBeEmpty);
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.node);
    case 'capture':
      return canBeEmpty(node.node);
  }
}

/** The number of characters it always matches; null if that varies. */
export function fixedLength(node: Node): number | null {
  switch (node.kind) {
    case 'letter':
    case 'set':
      return 1;
    case 'place':
    case 'look':
      return 0;
    case 'sequence':
      return node.parts.reduce<number | null>((sum, part) => {
        const length = fixedLength(part);
        return sum === null || length === null ? null : sum + length;
      }, 0);
    case 'choice': {
      const lengths = new Set(node.options.map(fixedLength));
      const [length = null] = lengths;
      return lengths.size === 1 ? length : null;
    }
    case 'repeat': {
      const length = fixedLength(node.node);
      return length === null || node.min !== node.max ? null : length * node.min;
    }
    case 'capture':
      return fixedLength(node.node);
  }
}

export function hasCapture(node: Node): boolean {
  switch (node.kind) {
    case 'capture':
      return true;
    case 'sequence':
      return node.parts.some(hasCapture);
    case 'choice':
      return node.options.some(hasCapture);
    case 'repeat':
      return hasCapture(node.node);
    default:
      return false;
  }
}
