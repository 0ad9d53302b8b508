import type { AlertJson } from '../../reports/alerts.ts';
import type { Settings } from '../../sources/settings/file.ts';
import type { Environment } from '../../sources/machine/paths.ts';

/** Where one channel's alerts go. */
export interface Target {
  /** @returns what is worth a note @throws anything; it may tell a secret: see `redact` */
  send: (alert: AlertJson, nowMs: number, timeoutMs: number) => Promise<string | null>;
}

/** Why a channel can't be used, in words that name the way out. */
export interface NoTarget {
  problem: string;
}

/** The target of a channel that is switched on, by its settings. */
export type FindTarget = (alerts: Settings['alerts'], env: Environment) => Target | NoTarget;
