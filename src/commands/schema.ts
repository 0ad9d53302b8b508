import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { closestMatch } from '../core/lang/closest-match.ts';
import { shown } from '../core/settings/resolve.ts';
import { UserError } from '../core/lang/user-error.ts';
import { packageFolder } from '../sources/machine/paths.ts';
import { defineCommand } from './define.ts';
import { print } from './session/io.ts';

const ENDING = '.schema.json';

export const schemaCommand = defineCommand({
  positionals: {
    name: { type: 'string', describe: 'A document, e.g. report, record or settings' },
  },
  examples: [
    ['tallyhook schema', 'List the schemas'],
    ['tallyhook schema report', 'Print the schema of summary --json'],
  ],
  handler: ({ name }) => {
    const folder = join(packageFolder(), 'schemas');
    const names = schemaNames(folder);
    if (name === undefined) print(names.join('\n'));
    else if (names.includes(name)) {
      print(readFileSync(join(folder, name + ENDING), 'utf8').trimEnd());
    } else {
      const meant = closestMatch(name, names);
      throw new UserError(
        `${shown(name)} is not a schema`,
        meant === null ? 'tallyhook schema lists all schemas.' : `Did you mean ${meant}?`,
      );
    }
  },
});

/** The names of all schemas, sorted. */
export function schemaNames(folder = join(packageFolder(), 'schemas')): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING));
  return files.map((file) => file.slice(0, -ENDING.length)).sort();
}
