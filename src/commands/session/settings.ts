import { effectivePrices } from '../../ingest/effective-prices.ts';
import type { PriceTable } from '../../pricing/price-table.ts';
import { ledgerPath } from '../../sources/machine/paths.ts';
import { resolveProject } from '../../sources/machine/project.ts';
import { type AllSettings, readAllSettings } from '../../sources/settings/all.ts';
import { warn } from './io.ts';

let settingsRead: AllSettings | null = null;

/** The effective settings of this process; the user's malformed settings are reported once. */
export function allSettings(): AllSettings {
  if (settingsRead === null) {
    settingsRead = readAllSettings(process.env, process.cwd());
    for (const warning of settingsRead.settings.warnings) warn(warning);
  }
  return settingsRead;
}

export function currentSettings(): AllSettings['settings'] {
  return allSettings().settings;
}

/** The project with the name from its settings, if it is the project of the current folder. */
export function namedProject(project: { root: string; name: string }): typeof project {
  const { name } = currentSettings().project;
  const isHere = name !== null && resolveProject(process.cwd()).root === project.root;
  return isHere ? { root: project.root, name } : project;
}

export function currentLedgerPath(): string {
  return ledgerPath(process.env, currentSettings().telemetry.path);
}

let cachedPrices: PriceTable | null = null;

/** The effective prices of this process; malformed price files are reported once. */
export function currentPrices(): PriceTable {
  if (cachedPrices !== null) return cachedPrices;
  const { prices, warnings } = effectivePrices(process.env, currentSettings());
  for (const warning of warnings) warn(warning);
  cachedPrices = prices;
  return prices;
}
