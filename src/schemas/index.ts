import type * as z from 'zod';
import { alertDocuments } from './alerts.ts';
import { attributionDocuments } from './attribution.ts';
import { budgetDocuments } from './budgets.ts';
import { coverageDocuments } from './coverage.ts';
import { priceDocuments } from './prices.ts';
import { recordDocuments } from './record.ts';
import { reportDocuments } from './reports.ts';
import { settingsDocuments } from './settings.ts';
import { upkeepDocuments } from './upkeep.ts';

export interface PublishedSchema {
  title: string;
  schema: z.ZodType;
}

/** Every document that is printed or read, by its name in `tallyhook schema`. Each module lists its own. */
export const SCHEMAS: Record<string, PublishedSchema> = {
  ...reportDocuments,
  ...attributionDocuments,
  ...recordDocuments,
  ...coverageDocuments,
  ...upkeepDocuments,
  ...priceDocuments,
  ...budgetDocuments,
  ...alertDocuments,
  ...settingsDocuments,
};
