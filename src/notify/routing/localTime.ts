import { memoize } from '../../model/values/memoize.ts';
import { dayMinutes } from '../../model/values/time.ts';

/** A time of day in minutes since midnight, and a weekday (0: Sunday), in some zone. */
export interface LocalTime {
  readonly minutes: number;
  readonly weekday: number;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const formatFor = memoize(
  (timeZone: string) =>
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    }),
);

/**
 * Local time of a moment (epoch seconds) in a zone of the IANA database, such as
 * `Europe/Amsterdam`.
 */
export function localTime(epoch: number, timeZone: string): LocalTime {
  const parts = formatFor(timeZone).formatToParts(epoch * 1000);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return {
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
    weekday: weekdays.indexOf(part('weekday')),
  };
}

/**
 * The last whole minute (epoch seconds) not after `epoch` at which a clock in the zone showed
 * `minutes`. If the clock skipped that time, a moment one hour off.
 */
export function lastOccurrence(epoch: number, minutes: number, timeZone: string): number {
  const minutesSince = positiveModulo(localTime(epoch, timeZone).minutes - minutes, dayMinutes);
  const candidate = Math.floor(epoch / 60) * 60 - minutesSince * 60;
  // The clock may have been put forward or back in between.
  const halfDay = dayMinutes / 2;
  const difference = localTime(candidate, timeZone).minutes - minutes;
  const driftMinutes = positiveModulo(difference + halfDay, dayMinutes) - halfDay;
  const corrected = candidate - driftMinutes * 60;
  return corrected <= epoch ? corrected : candidate;
}

function positiveModulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}
