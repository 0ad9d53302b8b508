import { existsSync } from 'node:fs';
import { parseStatus } from '../agents/claude-code/status.ts';
import type { ClientStatus } from '../core/client/status.ts';
import type { ZoneOffset } from '../core/time/period.ts';
import { styleFor } from '../render/text/style.ts';
import { logOnce } from '../sources/machine/diagnostics.ts';
import { type Environment, hookLogPath, ledgerPath } from '../sources/machine/paths.ts';
import { userZone } from '../sources/machine/user-zone.ts';
import { isDisabled } from '../sources/settings/recording-switch.ts';
import { readSettings } from '../sources/settings/file.ts';
import { type Ledger, openLedger } from '../store/connection/open.ts';
import { StatusLedger } from '../store/client/status.ts';
import { closestBudget } from './budget.ts';
import { composeLine } from './compose.ts';
import { gatherFacts } from './facts.ts';
import { hasChanged } from './has-changed.ts';
import { DEFAULT_TEMPLATE, parseTemplate, valuesIn } from './template.ts';
import { buildValues } from './values.ts';

/** Claude Code writes at once; a person who types `tallyhook statusline` writes nothing. */
export const STDIN_TIMEOUT_MS = 200;

/** Shown if there is nothing else to show: an empty line would look like a broken status line. */
export const UNKNOWN_LINE = 'tallyhook';

/** Claude Code's line waits for the ledger, so data behind another writer's lock is skipped this time. */
const BUSY_TIMEOUT_MS = 50;

export interface StatuslineInput {
  env: Environment;
  /** The content of stdin. */
  text: string;
  nowMs: number;
}

const NO_STATUS: ClientStatus = {
  sessionId: null,
  clientVersion: null,
  modelId: null,
  modelName: null,
  cwd: null,
  costNanoUsd: null,
  durationMs: null,
  apiDurationMs: null,
  linesAdded: null,
  linesRemoved: null,
  contextUsedPercent: null,
  limits: null,
};

/**
 * Shows one line, then stores the reported status. Throws only what `show` throws: anything unavailable
 * is left out of the line, and problems are logged in hook.log.
 * @param show called once, with a non-empty line
 */
export function showStatusline(input: StatuslineInput, show: (line: string) => void): void {
  const { env, text, nowMs } = input;
  const settings = readSettings(env);
  const path = ledgerPath(env, settings.telemetry.path);
  /** A status line is shown repeatedly, so the same problem is logged once. */
  const attempt = <Result>(work: () => Result): Result | null => {
    try {
      return work();
    } catch (error) {
      // Another writer holding the lock is not a problem: the next update tries again.
      if ((error as { code?: unknown }).code !== 'SQLITE_BUSY') {
        logOnce(hookLogPath(path), 'statusline', String(error), nowMs);
      }
      return null;
    }
  };
  const status = parseStatus(text) ?? NO_STATUS;
  const isStored = status.sessionId !== null && !isDisabled(env);
  const db = attempt(() => openStatusLedger(path, isStored));
  const ledger = db === null ? null : new StatusLedger(db);
  const segments = parseTemplate(settings.statusline.template ?? DEFAULT_TEMPLATE);
  let offset: ZoneOffset | null = null;
  // Created once, for the day and the budgets.
  const zone = (): ZoneOffset => (offset ??= userZone(settings.timezone));
  const facts = gatherFacts(status, valuesIn(segments), ledger, nowMs, attempt, zone, (id, cwd) =>
    db === null ? null : closestBudget(db, env, settings, { sessionId: id, cwd }, nowMs, zone),
  );
  // stdout is a pipe, but its content ends up on a terminal.
  const style = styleFor({ isTTY: env['FORCE_COLOR'] !== '0' }, env);
  const line = composeLine(segments, buildValues(facts), facts.isSubscriber, style);
  show(line === '' ? UNKNOWN_LINE : line);
  const { sessionId } = status;
  if (!isStored || sessionId === null || ledger === null) return;
  if (!hasChanged(status, facts.stored)) return;
  attempt(() => ledger.recordStatus(sessionId, status, nowMs));
}

/** Creates no ledger if nothing is to be stored. */
function openStatusLedger(path: string, isStored: boolean): Ledger | null {
  if (!isStored && !existsSync(path)) return null;
  return openLedger(path, { busyTimeoutMs: BUSY_TIMEOUT_MS, readonly: !isStored });
}
