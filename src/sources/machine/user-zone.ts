import { type ZoneOffset, zoneOffset } from '../../core/time/period.ts';

/**
 * The user's zone for programs that have no time: the machine's is asked of the local clock of a Date, in
 * microseconds, where Intl takes milliseconds to start. A name that is no zone is as good as none.
 */
export function userZone(timezone: string | null): ZoneOffset {
  return (timezone === null ? null : zoneOffset(timezone)) ?? machineZone;
}

function machineZone(atMs: number): number {
  return new Date(atMs).getTimezoneOffset() * -60_000;
}
