import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { jsonText } from '../../core/lang/printable.ts';
import { closestMatch } from '../../core/lang/closest-match.ts';
import { findSettingFault, isSettingKey, reasonAgainst } from '../../core/settings/checks.ts';
import { valueOfText } from '../../core/settings/from-text.ts';
import { shown } from '../../core/settings/resolve.ts';
import { SETTINGS, SETTING_KEYS, type SettingKey } from '../../core/settings/table.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { plainValue, renderSettings } from '../../render/settings.ts';
import {
  type SettingJson,
  type SettingsReport,
  masked,
  settingsReport,
} from '../../reports/settings.ts';
import { machineZoneName } from '../../sources/machine/zone-name.ts';
import { settingsPath } from '../../sources/machine/paths.ts';
import { setSetting, unsetSetting } from '../../sources/settings/edit.ts';
import { keepPrivate } from '../../sources/settings/private.ts';
import { defineCommand, defineGroup, lazyCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import { print, printLine, stdoutStyle, warn } from '../session/io.ts';
import { allSettings, currentLedgerPath } from '../session/settings.ts';

export const configCommand = defineGroup([
  lazyCommand(
    ['show', '$0'],
    'Every setting, its value, and where that comes from',
    () => showCommand,
  ),
  lazyCommand('get <key>', 'The value of one setting', () => getCommand),
  lazyCommand('set <key> <value>', 'Write a setting into your settings file', () => setCommand),
  lazyCommand('unset <key>', 'Take a setting out of your settings file', () => unsetCommand),
  lazyCommand('path', 'The path of your settings file', () => pathCommand),
]);

const key = { type: 'string', demandOption: true, describe: 'A setting: pricing.file' } as const;

const showCommand = defineCommand({ flags: { json }, handler: show });
const getCommand = defineCommand({ positionals: { key }, handler: get });
const setCommand = defineCommand({
  positionals: {
    key,
    value: { type: 'string', demandOption: true, describe: 'Its value ("-": on stdin)' },
  },
  handler: set,
});
const unsetCommand = defineCommand({ positionals: { key }, handler: unset });
const pathCommand = defineCommand({ handler: () => printLine(settingsPath(process.env)) });

function report(): SettingJson[] {
  const timezone = machineZoneName(process.env);
  const all = allSettings();
  return settingsReport(all, {
    'telemetry.path': currentLedgerPath(),
    ...(all.settings.timezone === null ? { timezone } : {}),
  });
}

function show(flags: { json: boolean }): void {
  const settings = report();
  // What is wrong in the user's file every command says on stderr.
  const { projectFile, projectWarnings } = allSettings();
  const document: SettingsReport = {
    schemaVersion: 1,
    file: settingsPath(process.env),
    projectFile,
    settings,
    warnings: [...allSettings().settings.warnings, ...projectWarnings],
  };
  if (flags.json) {
    print(jsonText(document, 2));
    return;
  }
  const shownDocument = { ...document, warnings: projectWarnings };
  print(renderSettings(shownDocument, process.env['HOME'] ?? '', stdoutStyle()));
}

function get(flags: { key: string }): void {
  const known = parseSettingKey(flags.key);
  printLine(plainValue(report().find((setting) => setting.key === known)?.value ?? null));
}

function set(flags: { key: string; value: string }): void {
  const known = parseSettingKey(flags.key);
  ensureUsers(known);
  const isSecret = SETTINGS[known].kind.isSecret === true;
  // A secret on a command line is in the shell's history. yargs makes a single "-" an empty text.
  const isOnStdin = isSecret && flags.value === '' && process.argv.includes('-');
  const text = isOnStdin ? readFileSync(0, 'utf8').trim() : flags.value;
  const value = valueFrom(known, text);
  const fault = findSettingFault(known, value);
  if (fault !== null) {
    throw new UserError(`${known}: ${isSecret ? 'what was given' : shown(text)} ${fault}`);
  }
  const path = settingsPath(process.env);
  setSetting(path, known, value);
  if (isSecret && keepPrivate(path)) warn(`${path} is readable by you alone now (0600)`);
  printLine(`${known} is ${plainValue(masked(known, value))} in ${path}`);
  tellOfStronger(known);
}

function unset(flags: { key: string }): void {
  const known = parseSettingKey(flags.key);
  ensureUsers(known);
  const path = settingsPath(process.env);
  const isGone = unsetSetting(path, known);
  printLine(isGone ? `${known} is out of ${path}` : `${path} does not set ${known}`);
  if (isGone) tellOfStronger(known);
}

/** A relative path would be another one in every folder. */
function valueFrom(known: SettingKey, text: string): unknown {
  const value = valueOfText(known, text);
  const isRelative = SETTINGS[known].kind.name === 'path' && /^[^~/]/.test(text);
  return isRelative ? resolve(text) : value;
}

/** @throws UserError for what is no setting */
function parseSettingKey(text: string): SettingKey {
  if (isSettingKey(text)) return text;
  const inGroup = SETTING_KEYS.filter((one) => one.startsWith(`${text}.`));
  const meant = inGroup.length > 0 ? null : closestMatch(text, SETTING_KEYS);
  let hint = 'tallyhook config show lists what there is.';
  if (meant !== null) hint = `Did you mean ${meant}?`;
  const names = inGroup.map((one) => one.slice(text.length + 1));
  if (inGroup.length > 0) hint = `${text} has ${names.join(', ')}, as in ${inGroup[0]}.`;
  throw new UserError(`there is no setting ${shown(text)}`, hint);
}

function ensureUsers(known: SettingKey): void {
  const reason = reasonAgainst(known, 'user');
  if (reason !== null) throw new UserError(`${known}: ${reason}`);
}

/** What was written may not be what counts. */
function tellOfStronger(known: SettingKey): void {
  const { by, ...origin } = allSettings().origins[known];
  if (by === 'environment' && 'name' in origin) warn(`but ${origin.name} is set, and counts`);
  if (by === 'project' && 'path' in origin) warn(`but ${origin.path} sets it here, and counts`);
}
