import { effectivePrices } from '../../ingest/effective-prices.ts';
import type { PriceTable } from '../../pricing/price-table.ts';
import { ledgerPath } from '../../sources/machine/paths.ts';
import { resolveProject } from '../../sources/machine/project.ts';
import { type AllSettings, readAllSettings } from '../../sources/settings/all.ts';
import { warn } from './io.ts';

let settingsRead: AllSettings | null = null;

/** The settings that count for this process; what is malformed in the user's is said once. */
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

/** A project by the name that its settings give it, where it is the one that we are in. */
export function namedProject(project: { root: string; name: string }): typeof project {
  const { name } = currentSettings().project;
  const isHere = name !== null && resolveProject(process.cwd()).root === project.root;
  return isHere ? { root: project.root, name } : project;
}

export function currentLedgerPath(): string {
  return ledgerPath(process.env, currentSettings().telemetry.path);
}

let known: PriceTable | null = null;

/** The prices that count for this process; what is malformed in them is said once. */
export function currentPrices(): PriceTable {
  if (known !== null) return known;
  const { prices, warnings } = effectivePrices(process.env, currentSettings());
  for (const warning of warnings) warn(warning);
  known = prices;
  return prices;
}
