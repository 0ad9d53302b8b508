import { UserError } from '../../core/lang/user-error.ts';
import { FORMATS, type Format } from '../../render/text/report-formats.ts';
import type { FlagValues } from '../define.ts';
import { json as jsonFlag } from './json.ts';
import { lastValue } from './last-value.ts';

/** How a command's answer is written. */
export const outputFlags = {
  format: {
    type: 'string',
    coerce: lastValue<string>,
    describe: 'table, json, csv or md',
    requiresArg: true,
  },
  json: { ...jsonFlag, describe: 'As --format json' },
} as const;

export type OutputFlags = FlagValues<typeof outputFlags>;

/** @throws UserError for a format that there is not, or for two at once */
export function chooseFormat({ format, json }: OutputFlags): Format {
  if (format === undefined) return json ? 'json' : 'table';
  const found = FORMATS.find((name) => name === format);
  if (found === undefined) {
    throw new UserError(`--format: ${format} is no format`, `One of: ${FORMATS.join(', ')}.`);
  }
  if (json && found !== 'json') {
    throw new UserError(`--json and --format ${found}: one of them`, null);
  }
  return found;
}
