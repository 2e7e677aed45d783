import type { StepFigures } from '../../../model/change/change.ts';
import {
  lowerMedian,
  lowerQuantile,
  median,
  sortAscending,
} from '../../../model/values/statistics.ts';
import { hourSeconds } from '../../../model/values/time.ts';
import type { RttCell, RttHours } from './performanceState.ts';

const dayHours = 24;
/** Earlier days that may show a rhythm. */
const comparedDays = 7;
/** Hours to remember: the compared days, and half a day around the first of them. */
const rememberedHours = (comparedDays + 1) * dayHours;
/** On another day the same rise may come so many hours earlier or later. */
const toleranceHours = 1;
/** Quantile of a day's hours that is its calm level. */
const calmShare = 0.25;
/** A day with fewer measured hours is not known. */
const minDayHours = 6;
/** A day shows the rise if it reaches this share of the height. */
const sameShare = 0.6;
/** Stored medians per millisecond. */
const unitsPerMs = 10;

/** Hours without any time. */
export function createRttHours(): RttHours {
  return { hour: null, running: [], medians: [] };
}

/** Adds a cell. Cells come in the order of time; one from before restarts the memory. */
export function addToHours(hours: RttHours, { at, ms }: RttCell): void {
  const hour = Math.floor(at / hourSeconds);
  if (hours.hour === null || hour < hours.hour || hour > hours.hour + rememberedHours) {
    hours.medians = [];
    hours.running = [];
  } else if (hour > hours.hour) {
    hours.medians.push(Math.round((lowerMedian(hours.running) ?? 0) * unitsPerMs));
    for (let empty = hours.hour + 1; empty < hour; empty++) hours.medians.push(0);
    if (hours.medians.length > rememberedHours)
      hours.medians.splice(0, hours.medians.length - rememberedHours);
    hours.running = [];
  }
  hours.hour = hour;
  hours.running.push(ms);
}

/** How many earlier days have times of an hour, and how many of them show the same rise then. */
export interface SameHours {
  readonly daysCompared: number;
  readonly daysWithRise: number;
}

/** A day with enough known hours, in stored units. */
interface KnownDay {
  /** The middle of the day, hours since the epoch: the hour of interest. */
  readonly middle: number;
  readonly calm: number;
}

/** Looks for a rise of `heightMs` at the same hours of the days before `at`, epoch seconds. */
export function compareHours(hours: RttHours, at: number, heightMs: number): SameHours {
  const days = knownDays(hours, at);
  const risen = days.filter((day) => riseAround(hours, day) >= sameShare * heightMs * unitsPerMs);
  return { daysCompared: days.length, daysWithRise: risen.length };
}

/** The days before a moment, from half a day before its hour to half a day after it. */
function knownDays(hours: RttHours, at: number): KnownDay[] {
  const hour = Math.floor(at / hourSeconds);
  return Array.from({ length: comparedDays }, (_, index) => hour - (index + 1) * dayHours).flatMap(
    (middle) => {
      const around = mediansBetween(hours, middle - toleranceHours, middle + toleranceHours);
      const whole = mediansBetween(hours, middle - dayHours / 2, middle + dayHours / 2 - 1);
      if (around.length === 0 || whole.length < minDayHours) return [];
      return [{ middle, calm: lowerQuantile(sortAscending(whole), calmShare) }];
    },
  );
}

/** By how much the hours around the middle of a day exceed its calm level at most. */
function riseAround(hours: RttHours, { middle, calm }: KnownDay): number {
  return (
    Math.max(...mediansBetween(hours, middle - toleranceHours, middle + toleranceHours)) - calm
  );
}

/** The known medians of some hours, both ends included. */
function mediansBetween({ hour, medians }: RttHours, from: number, to: number): number[] {
  const first = (hour ?? 0) - medians.length;
  return medians
    .slice(Math.max(0, from - first), Math.max(0, to + 1 - first))
    .filter((each) => each > 0);
}

/** Whether a rise comes every day: on half of the known days at least. */
export function isDailyRise({ daysCompared, daysWithRise }: SameHours): boolean {
  return daysWithRise > 0 && 2 * daysWithRise >= daysCompared;
}

/** Describes the daily rise around a moment, epoch seconds, by the days before it. */
export function describeRhythm(hours: RttHours, at: number): NonNullable<StepFigures['daily']> {
  const days = knownDays(hours, at);
  const height = median(days.map((day) => riseAround(hours, day))) ?? 0;
  const isRisen = (offset: number): boolean => {
    const rises = days.flatMap(({ middle, calm }) =>
      mediansBetween(hours, middle + offset, middle + offset).map((each) => each - calm),
    );
    return (median(rises) ?? 0) >= height / 2;
  };
  let from = 0;
  while (from > -dayHours / 2 && isRisen(from - 1)) from--;
  let to = 1;
  while (to < dayHours / 2 && isRisen(to)) to++;
  const hourOfDay = (offset: number) => (Math.floor(at / hourSeconds) + offset) % dayHours;
  return { fromHour: hourOfDay(from), toHour: hourOfDay(to), heightMs: height / unitsPerMs };
}
