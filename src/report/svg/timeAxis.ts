import { isoTime } from '../format.ts';

/** Width of every plot in its own units; the page stretches it to the space there is. */
export const plotWidth = 1000;

const hour = 3600;
const day = 24 * hour;
const steps = [600, 1800, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day];
const mostTicks = 9;
const months = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const;

/** A label of the time axis. */
export interface TimeTick {
  /** Percent of the plot's width, as an SVG length. */
  readonly x: string;
  /** `09:00`, or `21 Nov` at midnight; UTC. */
  readonly label: string;
  /** ISO 8601 UTC, for readers who switch to their own zone. */
  readonly iso: string;
  readonly anchor: 'start' | 'middle' | 'end';
  /** Left out where there is little room. */
  readonly minor: boolean;
}

/** The span of time that all strips of a chart share. */
export interface TimeAxis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly TimeTick[];
  /** Plot units of the ticks, for grid lines. */
  readonly grid: readonly number[];
}

/** Plot units of a moment, with a resolution of a tenth. */
export function plotX(axis: Pick<TimeAxis, 'from' | 'to'>, at: number): number {
  return tenth(((at - axis.from) / (axis.to - axis.from)) * plotWidth);
}

/** A coordinate to one decimal. */
export function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

const coordinates: string[] = [];

/** A coordinate to one decimal as paths have it. There are about ten thousand in a plot, of which each is written out once. */
export function coordinate(value: number): string {
  const tenths = Math.round(value * 10);
  const known = coordinates[tenths];
  if (known !== undefined) return known;
  const text = `${tenths / 10}`;
  coordinates[tenths] = text;
  return text;
}

/**
 * Axis from the first to the last moment of the data (epoch seconds), both rounded outwards to the hour, so that it does not
 * depend on when the page is built.
 */
export function timeAxis(first: number, last: number): TimeAxis {
  const from = Math.floor(first / hour) * hour;
  const to = Math.max(Math.ceil(last / hour) * hour, from + hour);
  const step = steps.find((size) => (to - from) / size <= mostTicks) ?? 7 * day;
  const moments: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) moments.push(at);
  const axis = { from, to };
  const parity = moments.length > 5 ? 2 : 1;
  return {
    from,
    to,
    ticks: moments.map((at, index) => tick(axis, at, index % parity === 1)),
    grid: moments.map((at) => plotX(axis, at)),
  };
}

function tick(axis: { from: number; to: number }, at: number, minor: boolean): TimeTick {
  const x = plotX(axis, at);
  const iso = isoTime(at);
  const date = `${Number(iso.slice(8, 10))} ${months[Number(iso.slice(5, 7)) - 1]}`;
  const middle = x > plotWidth * 0.97 ? 'end' : 'middle';
  return {
    x: `${tenth(x / 10)}%`,
    label: at % day === 0 ? date : iso.slice(11, 16),
    iso,
    anchor: x < plotWidth * 0.03 ? 'start' : middle,
    minor,
  };
}
