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
    name: { type: 'string', describe: 'A document: report, record, settings' },
  },
  handler: ({ name }) => {
    const folder = join(packageFolder(), 'schemas');
    const names = schemaNames(folder);
    if (name === undefined) print(names.join('\n'));
    else if (names.includes(name)) {
      print(readFileSync(join(folder, name + ENDING), 'utf8').trimEnd());
    } else {
      const meant = closestMatch(name, names);
      throw new UserError(
        `there is no schema ${shown(name)}`,
        meant === null ? 'tallyhook schema lists them.' : `Did you mean ${meant}?`,
      );
    }
  },
});

export function schemaNames(folder = join(packageFolder(), 'schemas')): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING));
  return files.map((file) => file.slice(0, -ENDING.length)).sort();
}
