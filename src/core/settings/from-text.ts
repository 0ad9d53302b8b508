import { parseJson } from '../lang/json.ts';
import { EXPORT_FORMATS } from './kinds.ts';
import { SETTINGS, type SettingKey } from './table.ts';

/** A value typed on a command line, as a settings file would contain it. It may be an invalid one. */
export function valueOfText(key: SettingKey, text: string): unknown {
  switch (SETTINGS[key].kind.name) {
    case 'count':
      return /^\d+$/.test(text) ? Number(text) : text;
    case 'switch':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'names':
      if (text.startsWith('[')) return parseJson(text) ?? text;
      return text.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
    case 'addresses':
      return text.startsWith('[') ? (parseJson(text) ?? text) : text.split(',');
    case 'aliases':
    case 'levels':
    case 'thresholds':
    case 'budgets':
      return parseJson(text) ?? text;
    case 'export':
      if (EXPORT_FORMATS.some((format) => format === text)) return { format: text };
      return parseJson(text) ?? text;
    default:
      return text;
  }
}
