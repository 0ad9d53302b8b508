import { expect, test } from 'vitest';
import { temporaryHome } from '../helpers/home.ts';
import { SHOP, writeHistory } from '../helpers/program/history.ts';
import { Served } from '../helpers/program/server.ts';

interface Answer {
  note?: string;
  totals?: { requests: number };
  total?: number;
}

test('an empty answer says why; a value that is nowhere is not an error', async () => {
  const home = temporaryHome();
  writeHistory(home);
  const served = await Served.start(home);
  const get = (path: string): Promise<Answer> => served.get<Answer>(`/api/costs${path}`);
  const early = 'dateFrom=2026-10-01&dateTo=2026-10-03&timezone=UTC';
  for (const path of ['', '/summary', '/sessions', '/shares']) {
    const outside = await get(`${path}?sessionId=${SHOP}&${early}`);
    expect([path, outside.note]).toEqual([
      path,
      `No requests of session ${SHOP} between 2026-10-01 and 2026-10-03; it has 4 requests from 2026-10-24 to 2026-10-25.`,
    ]);
    const nowhere = await get(`${path}?model=opsu`);
    expect([path, nowhere.note]).toEqual([path, 'No requests of model opsu in the ledger.']);
    expect([path, (await get(path)).note]).toEqual([path, undefined]);
  }
  expect((await get('/sessions/nosuch')).note).toBe('No requests of session nosuch in the ledger.');
  expect((await get('/summary?model=opus')).totals?.requests).toBe(3);
  expect((await get('?model=opus')).total).toBe(3);
  expect((await get('/sessions?model=opus')).total).toBe(2);
  expect((await get('/summary?model=claude&groupBy=day&agentType=Explore')).totals?.requests).toBe(
    2,
  );
});
