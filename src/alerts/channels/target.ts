import type { AlertJson } from '../../reports/alerts.ts';
import type { Settings } from '../../sources/settings/file.ts';
import type { Environment } from '../../sources/machine/paths.ts';

/** Where a channel's alerts are sent. */
export interface Target {
  /**
   * @returns a note to store with the delivery, or null
   * @throws any error; its text may hold a secret: see `redact`
   */
  send: (alert: AlertJson, nowMs: number, timeoutMs: number) => Promise<string | null>;
}

/** Why a channel can't be used; the text also says how to fix it. */
export interface NoTarget {
  problem: string;
}

/** Makes the target of a channel that is switched on from its settings. */
export type FindTarget = (alerts: Settings['alerts'], env: Environment) => Target | NoTarget;
