import * as z from 'zod';
import { SETTINGS, SETTING_KEYS } from '../core/settings/table.ts';
import { SETTING_DESCRIPTIONS } from '../core/settings/descriptions.ts';
import { SCHEMAS } from './index.ts';

/** The files of `schemas/`: JSON Schema draft 7, which every editor supports. */
export function schemaFiles(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, { title, schema }]) => {
      const json = z.toJSONSchema(schema, { target: 'draft-07' });
      const { $schema, ...rest } = json;
      const text = JSON.stringify({ $schema, title: `tallyhook: ${title}`, ...rest }, null, 2);
      return [`${name}.schema.json`, `${text}\n`];
    }),
  );
}

/** The table of settings in docs/settings.md. */
export function settingsTable(): string {
  const rows = SETTING_KEYS.map((key) => {
    const { environment, setBy, default: value } = SETTINGS[key];
    const { describe, unset } = SETTING_DESCRIPTIONS[key];
    const shown = unset ?? `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
    const notes: string[] = [];
    if (setBy === 'environment') notes.push('environment only');
    else notes.push(...Object.keys(environment ?? {}).map((name) => `\`${name}\``));
    if (setBy === 'project') notes.push('only a project');
    if (setBy === 'user or project') notes.push('a project');
    if (setBy === 'user, stricter by project') notes.push('a project (only stricter)');
    return `| \`${key}\` | ${describe} | ${shown} | ${notes.join(', ')} |`;
  });
  return ['| setting | meaning | default | also set by |', '|---|---|---|---|', ...rows].join('\n');
}
