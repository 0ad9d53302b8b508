import { existsSync } from 'node:fs';
import { parseStatus } from '../agents/claude-code/status.ts';
import type { ClientStatus } from '../core/client/status.ts';
import { styleFor } from '../render/text/style.ts';
import { logOnce } from '../sources/machine/diagnostics.ts';
import { type Environment, hookLogPath, ledgerPath } from '../sources/machine/paths.ts';
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

/** A client writes at once; a person who types `tallyhook statusline` writes nothing. */
export const STDIN_TIMEOUT_MS = 200;

/** Where there is nothing to show: an empty line would look like a status line that is broken. */
export const UNKNOWN_LINE = 'tallyhook';

/** The client waits with its line for the ledger: what another writer holds is skipped this time. */
const BUSY_TIMEOUT_MS = 50;

export interface StatuslineInput {
  env: Environment;
  /** What stood on stdin. */
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
 * Shows one line, then keeps what the client says. Never throws, but where `show` does: whatever
 * can't be known is left out of the line, and what went wrong is a line in hook.log.
 * @param show called once, with a line that is not empty
 */
export function showStatusline(input: StatuslineInput, show: (line: string) => void): void {
  const { env, text, nowMs } = input;
  const settings = readSettings(env);
  const path = ledgerPath(env, settings.telemetry.path);
  /** A status line is shown again and again: the same trouble is told once. */
  const attempt = <Result>(work: () => Result): Result | null => {
    try {
      return work();
    } catch (error) {
      // Another writer's turn is no trouble: the next update asks again.
      if ((error as { code?: unknown }).code !== 'SQLITE_BUSY') {
        logOnce(hookLogPath(path), 'statusline', String(error), nowMs);
      }
      return null;
    }
  };
  const status = parseStatus(text) ?? NO_STATUS;
  const isKept = status.sessionId !== null && !isDisabled(env);
  const db = attempt(() => openStatusLedger(path, isKept));
  const ledger = db === null ? null : new StatusLedger(db);
  const segments = parseTemplate(settings.statusline.template ?? DEFAULT_TEMPLATE);
  const facts = gatherFacts(status, valuesIn(segments), ledger, nowMs, attempt, (id, cwd) =>
    db === null ? null : closestBudget(db, env, settings, { sessionId: id, cwd }, nowMs),
  );
  // What stands on stdout is a pipe, but a terminal shows it.
  const style = styleFor({ isTTY: env['FORCE_COLOR'] !== '0' }, env);
  const line = composeLine(segments, buildValues(facts), facts.isSubscriber, style);
  show(line === '' ? UNKNOWN_LINE : line);
  const { sessionId } = status;
  if (!isKept || sessionId === null || ledger === null) return;
  if (!hasChanged(status, facts.kept)) return;
  attempt(() => ledger.recordStatus(sessionId, status, nowMs));
}

/** Where nothing is to be kept, no ledger is made. */
function openStatusLedger(path: string, isKept: boolean): Ledger | null {
  if (!isKept && !existsSync(path)) return null;
  return openLedger(path, { busyTimeoutMs: BUSY_TIMEOUT_MS, readonly: !isKept });
}
