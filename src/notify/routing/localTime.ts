import type { TimeOfDayRange } from '../../model/time.ts';

/** A time of day in minutes since midnight, and a weekday (0: Sunday), in some zone. */
export interface LocalTime {
  readonly minutes: number;
  readonly weekday: number;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const formats = new Map<string, Intl.DateTimeFormat>();

/** What a wall clock shows at a moment (epoch seconds) in a zone named as in the IANA database, such as `Europe/Amsterdam`. */
export function localTime(epoch: number, timeZone: string): LocalTime {
  const parts = formatFor(timeZone).formatToParts(epoch * 1000);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return {
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
    weekday: weekdays.indexOf(part('weekday')),
  };
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** Whether a time of day lies within a span; equal ends mean the whole day. */
export function isWithin(minutes: number, { from, to }: TimeOfDayRange): boolean {
  return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
}

/**
 * The last moment (epoch seconds, whole minute) not after `epoch` at which a clock in the zone showed `minutes`. Where the clock
 * was put forward over that time, the moment an hour beside it.
 */
export function lastOccurrence(epoch: number, minutes: number, timeZone: string): number {
  const minutesSince = (localTime(epoch, timeZone).minutes - minutes + 1440) % 1440;
  const candidate = Math.floor(epoch / 60) * 60 - minutesSince * 60;
  // The clock may have been put forward or back in between.
  const driftMinutes = localTime(candidate, timeZone).minutes - minutes;
  const corrected = candidate - (((driftMinutes + 2160) % 1440) - 720) * 60;
  return corrected <= epoch ? corrected : candidate;
}
