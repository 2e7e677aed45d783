import type { MaintenanceTime, MaintenanceWindow } from '../../model/alerting/maintenance.ts';
import type { Silence } from '../../model/alerting/silence.ts';
import { dayMinutes } from '../../model/values/time.ts';
import { lastOccurrence, localTime } from './localTime.ts';

const daysBack = 8;

/** Maintenance windows as silences; a weekly window gives those that began in the last week. */
export function maintenanceSilences(windows: readonly MaintenanceWindow[], now: number): Silence[] {
  return windows.flatMap(({ time, ...rest }, index) =>
    occurrencesOf(time, now).map(({ from, until }) => ({
      ...rest,
      id: `maintenance-${index + 1}-${from}`,
      by: null,
      from,
      until,
    })),
  );
}

function occurrencesOf(time: MaintenanceTime, now: number): { from: number; until: number }[] {
  if (time.kind === 'once') return [{ from: time.from, until: time.until }];
  const { span, timeZone, weekdays } = time;
  const lengthMinutes = ((span.to - span.from + dayMinutes - 1) % dayMinutes) + 1;
  const occurrences: { from: number; until: number }[] = [];
  let cursor = now;
  for (let day = 0; day < daysBack; day++) {
    const from = lastOccurrence(cursor, span.from, timeZone);
    if (weekdays.includes(localTime(from, timeZone).weekday))
      occurrences.push({ from, until: from + lengthMinutes * 60 });
    cursor = from - 60;
  }
  return occurrences;
}
