import { clockTime, moment, short, shortDay, formatCost, usdShort, whole } from '../format.ts';
import type { Interval } from '../api/types.ts';
import type { Measure } from '../state/view.ts';

export function valueText(measure: Measure, value: number): string {
  if (measure === 'cost') return formatCost(value);
  return measure === 'tokens' ? short(value) : whole(value);
}

export function axisText(measure: Measure, value: number): string {
  return measure === 'cost' ? usdShort(value) : short(value);
}

export function startText(
  interval: Interval | 'minutes',
  start: string,
  isAcrossDays: boolean,
): string {
  if (interval === 'minutes') return clockTime(start);
  if (interval !== 'hour') return shortDay(start);
  const isMidnight = new Date(start).getHours() === 0;
  return isAcrossDays && isMidnight ? shortDay(start) : clockTime(start);
}

const SPANS: Record<Interval | 'minutes', string> = {
  minutes: '',
  hour: '',
  day: '',
  week: 'Week of ',
  month: 'Month of ',
};

export function spanText(interval: Interval | 'minutes', start: string): string {
  const text = interval === 'hour' || interval === 'minutes' ? moment(start) : shortDay(start);
  return `${SPANS[interval]}${text}`;
}
