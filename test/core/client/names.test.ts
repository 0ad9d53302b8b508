import { expect, test } from 'vitest';
import { AGENTS } from '../../../src/agents/registry.ts';
import { CLIENTS, canonicalClient, clientTitle } from '../../../src/core/client/names.ts';

test('every agent has its proper name, and no other name is known', () => {
  expect(CLIENTS.map((client) => [client, clientTitle(client)])).toEqual(
    AGENTS.map(({ name, title }) => [name, title]),
  );
});

test.each(AGENTS)('$name is found by its names, however they are written', ({ name, title }) => {
  for (const text of [name, title, title.toUpperCase(), ` ${title} `, `${name} CLI`]) {
    expect(canonicalClient(text)).toBe(name);
  }
});

test.each(['', 'constructor', 'codx', 'Goose'])('an unknown client keeps its name: %j', (text) => {
  expect(canonicalClient(text)).toBe(text);
  expect(clientTitle(text)).toBe(text);
});
