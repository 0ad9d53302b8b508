import { describe, expect, test } from 'vitest';
import { acknowledgeAlerts } from '../../../src/store/alerts/acknowledge.ts';
import { readAlertRows } from '../../../src/store/alerts/reader.ts';
import { insertAlerts } from '../../../src/store/alerts/writer.ts';
import { readAlerts } from '../../../src/store/budgets/reader.ts';
import { openLedger } from '../../../src/store/connection/open.ts';
import { shouldStartSender } from '../../../src/store/alerts/schedule.ts';
import { SenderLock } from '../../../src/store/alerts/sender-lock.ts';
import { draft } from '../../helpers/alerts.ts';
import { temporaryLedger } from '../../helpers/ledger.ts';

const ANY = { isOpen: false, levels: null, limit: 100 };

describe('keeping alerts', () => {
  test('one of a key, whoever keeps it, with where it has to go', () => {
    const { db, path } = temporaryLedger();
    const other = openLedger(path, { busyTimeoutMs: 1000 });
    const one = draft(1, { channels: ['webhook', 'email'] });
    expect(insertAlerts(db, [one], 5)).toEqual({ fresh: [one], queued: 2 });
    const again = { ...one, amountNanoUsd: 9, occurredAtMs: 2 };
    expect(insertAlerts(other, [again], 6)).toEqual({ fresh: [], queued: 0 });
    const two = draft(2);
    expect(insertAlerts(other, [again, two], 6)).toEqual({ fresh: [two], queued: 1 });
    other.close();
    expect(readAlertRows(db, ANY).map(({ id, amountNanoUsd }) => [id, amountNanoUsd])).toEqual([
      [2, 16_000_000_000],
      [1, 16_000_000_000],
    ]);
    expect(readAlerts(db, 9).map(({ budget, level }) => [budget, level])).toEqual([
      ['daily', 'warning'],
      ['daily', 'warning'],
    ]);
  });

  test('all or none: an alert that can go nowhere is not kept', () => {
    const { db } = temporaryLedger();
    db.exec('DROP TABLE notification_outbox');
    expect(() => insertAlerts(db, [draft(1)], null)).toThrow('notification_outbox');
    expect(readAlertRows(db, ANY)).toEqual([]);
  });

  test('who tells of it in the session is the first that can', () => {
    const { db } = temporaryLedger();
    const one = draft(1);
    expect(insertAlerts(db, [one], null).fresh).toEqual([one]);
    expect(insertAlerts(db, [one], null).fresh).toEqual([]);
    expect(insertAlerts(db, [one], 7)).toEqual({ fresh: [one], queued: 0 });
    expect(insertAlerts(db, [one], 8)).toEqual({ fresh: [], queued: 0 });
  });

  test('one that is acknowledged stays known', () => {
    const { db } = temporaryLedger();
    insertAlerts(db, [draft(1), draft(2)], null);
    expect(acknowledgeAlerts(db, [2, 9, 8], 3)).toEqual({ acknowledged: [], unknown: 9 });
    expect(acknowledgeAlerts(db, [2, 2], 3)).toEqual({ acknowledged: [2], unknown: null });
    expect(acknowledgeAlerts(db, [2], 4)).toEqual({ acknowledged: [], unknown: null });
    expect(acknowledgeAlerts(db, null, 5)).toEqual({ acknowledged: [1], unknown: null });
    expect(insertAlerts(db, [draft(1), draft(2)], null).fresh).toEqual([]);
    expect(readAlertRows(db, { ...ANY, isOpen: true })).toEqual([]);
  });
});

describe('whether a sender is wanted', () => {
  const NOW = 1_000_000;

  test('where nobody has looked for a minute, by any clock', () => {
    const { db } = temporaryLedger();
    expect(shouldStartSender(db, NOW)).toBe(true);
    db.exec(`INSERT INTO alert_scan VALUES (1, ${NOW})`);
    expect(
      [0, 59_000, 61_000, -59_000, -61_000].map((ms) => shouldStartSender(db, NOW + ms)),
    ).toEqual([false, false, true, false, true]);
  });

  test('where a row is due, by a clock that is not before that which held it', () => {
    const { db } = temporaryLedger();
    db.exec(`INSERT INTO alert_scan VALUES (1, ${NOW})`);
    insertAlerts(db, [draft(1)], null);
    expect(shouldStartSender(db, NOW)).toBe(true);
    db.exec(`UPDATE notification_outbox SET held_at_ms = ${NOW}, not_before_ms = ${NOW + 5000}`);
    expect([-1, 0, 4999, 5000].map((ms) => shouldStartSender(db, NOW + ms))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    db.exec(`UPDATE notification_outbox SET state = 'sent'`);
    expect(shouldStartSender(db, NOW + 5000)).toBe(false);
  });
});

test('one sender at a time, also in one process; the next when it has let go', () => {
  const { path } = temporaryLedger();
  const first = SenderLock.take(path);
  expect(first).not.toBeNull();
  expect(SenderLock.take(path)).toBeNull();
  first?.release();
  const second = SenderLock.take(path);
  expect(second).not.toBeNull();
  second?.release();
});
