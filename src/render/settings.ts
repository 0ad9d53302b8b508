import { printable } from '../core/lang/printable.ts';
import { SETTING_DESCRIPTIONS } from '../core/settings/descriptions.ts';
import type { SettingJson, SettingsReport } from '../reports/settings.ts';
import { width } from './text/display-width.ts';
import type { Style } from './text/style.ts';

/** One line per setting (two on a narrow terminal): its value, and where the value comes from. */
export function renderSettings(
  { settings, warnings }: SettingsReport,
  home: string,
  style: Style,
): string {
  const longest = Math.max(...settings.map(({ key }) => key.length));
  const lines = settings.map((setting) => {
    const value = `${setting.key.padEnd(longest)}  ${shownValue(setting, home)}`;
    const origin = formatOrigin(setting, home);
    const isWide = width(value) + width(origin) + 4 <= (style.columns ?? Infinity);
    const indent = Math.min(longest + 2, (style.columns ?? 80) - width(origin) - 2);
    const gap = isWide ? '  ' : `\n${' '.repeat(Math.max(2, indent))}`;
    return `${style.bold(value.slice(0, longest))}${value.slice(longest)}${gap}${style.dim(`(${origin})`)}`;
  });
  return [
    ...lines,
    ...warnings.map((warning) => style.yellow(printable(`! ${tilde(warning, home)}`))),
  ].join('\n');
}

/** A value on one line: text unchanged, anything else as JSON. */
export function plainValue(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : JSON.stringify(value);
}

function shownValue({ key, value }: SettingJson, home: string): string {
  if (value !== null) return printable(tilde(plainValue(value), home));
  return (SETTING_DESCRIPTIONS[key].unset ?? 'none').replaceAll('`', '');
}

function formatOrigin({ origin, source }: SettingJson, home: string): string {
  return source === null ? origin : printable(`${origin} ${tilde(source, home)}`);
}

function tilde(text: string, home: string): string {
  return home === '' ? text : text.replaceAll(`${home}/`, '~/');
}
