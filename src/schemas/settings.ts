import * as z from 'zod';
import { EXPORT_FORMATS, type Kind } from '../core/settings/kinds.ts';
import { SETTINGS, SETTING_KEYS, type SettingKey } from '../core/settings/table.ts';

/** The user's `settings.json`, for editors: strict, so that a misspelt name shows. */
export const settings = settingsFile('user');

/** A project's `.tallyhook.json`. */
export const projectSettings = settingsFile('project');

function settingsFile(by: 'user' | 'project'): z.ZodObject {
  const shape: Record<string, z.ZodType> = { $schema: z.string().optional() };
  const groups: Record<string, Record<string, z.ZodType>> = {};
  for (const key of SETTING_KEYS.filter((one) => SETTINGS[one].setBy.includes(by))) {
    const [group = '', name] = key.split('.');
    if (name === undefined) shape[key] = valueOf(key);
    else (groups[group] ??= {})[name] = valueOf(key);
  }
  for (const [group, names] of Object.entries(groups)) {
    shape[group] = z.strictObject(names).nullable().optional();
  }
  return z.strictObject(shape);
}

function valueOf(key: SettingKey): z.ZodType {
  const { kind, describe } = SETTINGS[key];
  return typeOf(kind).nullable().optional().describe(describe.replaceAll('`', ''));
}

function typeOf({ name, choices = [] }: Pick<Kind<unknown>, 'name' | 'choices'>): z.ZodType {
  switch (name) {
    case 'choice':
      return z.enum(choices);
    case 'names':
      return z.array(z.string().min(1));
    case 'count':
      return z.int().min(0);
    case 'switch':
      return z.boolean();
    case 'export': {
      const format = z.enum(EXPORT_FORMATS).optional();
      const folder = z.string().min(1).nullable().optional();
      return z.union([z.boolean(), z.looseObject({ format, folder })]);
    }
    default:
      return z.string().min(1);
  }
}
