import { describe, expect, test } from 'vitest';
import { ticketFinder } from '../../src/core/ticket.ts';
import { UserError } from '../../src/core/lang/user-error.ts';

describe('the ticket of a branch', () => {
  test.each([
    ['feature/ABC-123-login', 'ABC-123'],
    ['ABC-1', 'ABC-1'],
    ['X2-7', 'X2-7'],
    ['fix/ABC-1-and-DEF-2', 'ABC-1'],
    ['main', null],
    ['fix-123', null],
    ['#123', null],
    ['', null],
    [null, null],
    // What stands beyond the first 200 characters names nobody's branch.
    [`${'x'.repeat(200)}ABC-1`, null],
  ])('%j: %j', (branch, ticket) => {
    expect(ticketFinder()(branch)).toBe(ticket);
  });

  test('is the first group of a pattern that has one', () => {
    const find = ticketFinder(String.raw`(?:feature|fix)/(\d+)`);
    expect(find('fix/42-login')).toBe('42');
    expect(find('fix/login')).toBe(null);
  });

  test('patterns that people use are taken', () => {
    for (const pattern of [
      String.raw`[A-Z]{2,10}-\d{1,6}`,
      String.raw`^(?:feature|bugfix|hotfix)/([A-Z]+-\d+)`,
      String.raw`(?:^|/)([A-Z]+-\d+)(?=-|$)`,
      String.raw`(?<ticket>GH-\d+)`,
      String.raw`#?\d+`,
      String.raw`[(+*|)]-\d+`,
      String.raw`\(\d+\)`,
    ]) {
      expect(() => ticketFinder(pattern)).not.toThrow();
    }
  });

  test('a pattern that is no regular expression is said so', () => {
    for (const pattern of ['[A-', '(', '*']) {
      expect(() => ticketFinder(pattern)).toThrow(UserError);
    }
  });

  test('a pattern that could take for ever is refused, or does not', () => {
    const branch = `${'a'.repeat(199)}!`;
    for (const pattern of [
      '(a+)+$',
      '(a*)*$',
      '(a|a)*$',
      '(a|aa)+$',
      '((a)+)+$',
      '(?:a+){20}$',
      '(a?){50}$',
      '([a-z]+)*$',
      '(?=(a+))*$',
      String.raw`(.*)\1\1\1$`,
      'a*a*a*a*a*a*a*a*$',
      'a{0,200}a{0,200}a{0,200}a{0,200}$',
      `${'a?'.repeat(60)}$`,
      `${'(a|a)'.repeat(60)}$`,
      '.*.*.*$',
      'a+a+a+$',
      '^.*?x.*?y.*?z$',
    ]) {
      // A hang would be the failure: nothing here needs longer than a moment.
      let refused: unknown = null;
      try {
        ticketFinder(pattern)(branch);
      } catch (error) {
        refused = error;
      }
      expect(refused === null || refused instanceof UserError).toBe(true);
    }
  });
});
