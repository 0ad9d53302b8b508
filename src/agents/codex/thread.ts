import { type JsonObject, asArray, asObject, asText } from '../../core/lang/json.ts';
import type { LineFacts } from '../../core/record/record-columns.ts';
import type { Fold } from '../source.ts';

/** Turns whose model is remembered; a request belongs to one of the last. */
const MAX_TURNS = 8;

/**
 * What the first lines of a rollout state about its thread. A subagent's file has its parent's
 * `session_meta` as well, and one of a fork in which lines were copied its parent's: the first wins.
 */
export function noteMeta(meta: JsonObject, fold: Fold): void {
  const id = asText(meta['id']);
  if (id === null) return;
  if (foldText(fold, 'thread') !== null) {
    // The lines that follow are copies of that thread's, and so are the steps of its counter.
    if (id !== foldText(fold, 'thread')) fold['lineage'] = asText(meta['forked_from_id']) ?? id;
    return;
  }
  const subagent = asObject(meta['source'])?.['subagent'];
  const spawn = asObject(asObject(subagent)?.['thread_spawn']);
  const parent = asText(spawn?.['parent_thread_id']) ?? asText(meta['parent_thread_id']);
  fold['thread'] = id;
  fold['session'] = asText(meta['session_id']) ?? parent ?? id;
  fold['lineage'] = asText(meta['forked_from_id']) ?? id;
  fold['provider'] = asText(meta['model_provider']);
  fold['version'] = asText(meta['cli_version']);
  fold['branch'] = asText(asObject(meta['git'])?.['branch']);
  fold['cwd'] = asText(meta['cwd']);
  fold['isContinued'] = asObject(meta['history_base']) !== null;
  if (subagent === undefined && fold['session'] === id) return;
  fold['agentType'] = asText(spawn?.['agent_role']) ?? asText(subagent) ?? 'default';
}

export function noteTurn(turn: JsonObject, fold: Fold): void {
  const id = asText(turn['turn_id']);
  const model = asText(turn['model']);
  fold['cwd'] = asText(turn['cwd']) ?? fold['cwd'] ?? null;
  if (id !== null) fold['turn'] = asText(turn['root_turn_id']) ?? id;
  if (model === null) return;
  fold['model'] = model;
  if (id !== null) fold['models'] = [...turnsIn(fold), [id, model]].slice(-MAX_TURNS);
}

/** The model of a turn, which only the turn's own line names. */
export function modelOf(turnId: string | null, fold: Fold): string {
  const turn = turnsIn(fold).findLast(([id]) => id === turnId);
  return turn?.[1] ?? foldText(fold, 'model') ?? 'unknown';
}

function turnsIn(fold: Fold): [id: string, model: string][] {
  return asArray(fold['models']) as [string, string][];
}

export function factsOf(fold: Fold): LineFacts {
  return {
    cwd: foldText(fold, 'cwd'),
    gitBranch: foldText(fold, 'branch'),
    clientVersion: foldText(fold, 'version'),
  };
}

/** A text that an earlier line left. */
export function foldText(fold: Fold, name: string): string | null {
  return asText(fold[name]);
}
