import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Ledger, openLedger } from '../../src/store/connection/open.ts';
import { importInto } from '../helpers/ledger.ts';
import {
  type NamedShare,
  type ToldRequest,
  expectExactShares,
  expectShareSums,
  sharesOf,
  toldRequests,
} from '../helpers/shares.ts';
import { type Segment, segmentsOf } from './counting-cache.ts';
import type { Sandbox } from './sandbox.ts';
import type { ServedCall } from './scripted-api.ts';

/** The attribution of a machine's calls, in the order in which its API served them. */
export interface Account {
  db: Ledger;
  calls: { served: ServedCall; segments: Segment[]; told: ToldRequest }[];
}

/**
 * Imports a machine's transcripts into a separate ledger. Checks that its shares add up to every cost, and in
 * every grouping to the total, and that the ledger that hooks wrote has the same shares.
 */
export async function accountOf(box: Sandbox): Promise<Account> {
  const folder = join(box.root, 'imported');
  mkdirSync(folder);
  const db = openLedger(join(folder, 'telemetry.db'), { busyTimeoutMs: 5000 });
  importInto(db, box.projects);
  const shares = await expectExactShares(db);
  await expectShareSums(db);
  const live = openLedger(box.ledgerPath, { busyTimeoutMs: 5000 });
  importInto(live, box.projects);
  expect(await sharesOf(live)).toEqual(shares);
  live.close();
  const all = [...(await toldRequests(db)).values()];
  const calls = box.calls.flatMap((served) => {
    const told = all.find(({ request }) => request.id.includes(served.messageId));
    return told === undefined ? [] : [{ served, segments: segmentsOf(served.body), told }];
  });
  return { db, calls };
}

/** The share of one part of a request by one cause, or by all causes. */
export const costOf = (shares: NamedShare[], part: string, is: Partial<NamedShare>): number =>
  shares
    .filter((share) => share.part === part)
    .filter(({ cause }) => is.cause === undefined || cause === is.cause)
    .filter(({ detail }) => is.detail === undefined || detail === is.detail)
    .reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
