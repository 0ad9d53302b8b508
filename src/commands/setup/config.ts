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
    'Show every setting, its value, and where the value comes from',
    () => showCommand,
  ),
  lazyCommand('get <key>', 'Print the value of one setting', () => getCommand),
  lazyCommand('set <key> <value>', 'Set a setting in your settings file', () => setCommand),
  lazyCommand('unset <key>', 'Remove a setting from your settings file', () => unsetCommand),
  lazyCommand('path', 'Print the path of your settings file', () => pathCommand),
]);

const key = {
  type: 'string',
  demandOption: true,
  describe: 'A setting, e.g. pricing.file',
} as const;

const showCommand = defineCommand({
  flags: { json },
  examples: [['tallyhook config', 'All settings, with their origins']],
  handler: show,
});
const getCommand = defineCommand({
  positionals: { key },
  examples: [['tallyhook config get timezone', 'The effective time zone']],
  handler: get,
});
const setCommand = defineCommand({
  positionals: {
    key,
    value: {
      type: 'string',
      demandOption: true,
      describe: 'Its value ("-" reads a secret from stdin)',
    },
  },
  examples: [
    ['tallyhook config set timezone Europe/Berlin', 'Count days in this time zone'],
    ['tallyhook config set alerts.slackUrl -', 'Paste a secret on stdin'],
  ],
  handler: set,
});
const unsetCommand = defineCommand({
  positionals: { key },
  examples: [['tallyhook config unset timezone', 'Use the default again']],
  handler: unset,
});
const pathCommand = defineCommand({
  examples: [['$EDITOR "$(tallyhook config path)"', 'Edit your settings']],
  handler: () => printLine(settingsPath(process.env)),
});

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
  // Problems in the user's file are reported on stderr by every command.
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
  const name = parseSettingKey(flags.key);
  printLine(plainValue(report().find((setting) => setting.key === name)?.value ?? null));
}

function set(flags: { key: string; value: string }): void {
  const name = parseSettingKey(flags.key);
  ensureUserScope(name);
  const isSecret = SETTINGS[name].kind.isSecret === true;
  // A secret on the command line would be in the shell's history. yargs turns a single "-" into ''.
  const isOnStdin = isSecret && flags.value === '' && process.argv.includes('-');
  const text = isOnStdin ? readFileSync(0, 'utf8').trim() : flags.value;
  const value = parseValue(name, text);
  const fault = findSettingFault(name, value);
  if (fault !== null) {
    throw new UserError(`${name}: ${isSecret ? 'the value' : shown(text)} ${fault}`);
  }
  const path = settingsPath(process.env);
  setSetting(path, name, value);
  if (isSecret && keepPrivate(path)) warn(`${path} is now readable only by you (0600)`);
  printLine(`Set ${name} to ${plainValue(masked(name, value))} in ${path}`);
  warnIfOverridden(name);
}

function unset(flags: { key: string }): void {
  const name = parseSettingKey(flags.key);
  ensureUserScope(name);
  const path = settingsPath(process.env);
  const isRemoved = unsetSetting(path, name);
  printLine(isRemoved ? `Removed ${name} from ${path}` : `${path} does not set ${name}`);
  if (isRemoved) warnIfOverridden(name);
}

/** A relative path is made absolute: it would be another path in every folder. */
function parseValue(name: SettingKey, text: string): unknown {
  const value = valueOfText(name, text);
  const isRelative = SETTINGS[name].kind.name === 'path' && /^[^~/]/.test(text);
  return isRelative ? resolve(text) : value;
}

/** @throws UserError for an unknown setting */
function parseSettingKey(text: string): SettingKey {
  if (isSettingKey(text)) return text;
  const inGroup = SETTING_KEYS.filter((one) => one.startsWith(`${text}.`));
  const meant = inGroup.length > 0 ? null : closestMatch(text, SETTING_KEYS);
  let hint = 'tallyhook config show lists all settings.';
  if (meant !== null) hint = `Did you mean ${meant}?`;
  const names = inGroup.map((one) => one.slice(text.length + 1));
  if (inGroup.length > 0)
    hint = `${text} is a group of settings: ${names.join(', ')}, as in ${inGroup[0]}.`;
  throw new UserError(`${shown(text)} is not a setting`, hint);
}

/** @throws UserError for a setting that only a project's file may set */
function ensureUserScope(name: SettingKey): void {
  const reason = reasonAgainst(name, 'user');
  if (reason !== null) throw new UserError(`${name}: ${reason}`);
}

/** Warns if a stronger source overrides the value that was written. */
function warnIfOverridden(name: SettingKey): void {
  const { by, ...origin } = allSettings().origins[name];
  if (by === 'environment' && 'name' in origin) warn(`${origin.name} is set and overrides this`);
  if (by === 'project' && 'path' in origin)
    warn(`${origin.path} overrides this in the current project`);
}
