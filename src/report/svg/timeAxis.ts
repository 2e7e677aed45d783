import { isoTime } from '../../model/format.ts';

/** Width of every plot in its own units; the page stretches it to the space there is. */
export const plotWidth = 1000;

const hourSeconds = 3600;
const daySeconds = 24 * hourSeconds;
const tickSteps = [
  600,
  1800,
  hourSeconds,
  2 * hourSeconds,
  3 * hourSeconds,
  6 * hourSeconds,
  12 * hourSeconds,
  daySeconds,
  2 * daySeconds,
  7 * daySeconds,
];
const maxTicks = 9;
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
  return roundToTenth(((at - axis.from) / (axis.to - axis.from)) * plotWidth);
}

/** A coordinate to one decimal. */
export function roundToTenth(value: number): number {
  return Math.round(value * 10) / 10;
}

const formattedCoordinates: string[] = [];

/** A coordinate to one decimal as paths have it. There are about ten thousand in a plot, of which each is written out once. */
export function formatCoordinate(value: number): string {
  const tenths = Math.round(value * 10);
  const formatted = formattedCoordinates[tenths];
  if (formatted !== undefined) return formatted;
  const text = `${tenths / 10}`;
  formattedCoordinates[tenths] = text;
  return text;
}

/**
 * Axis from the first to the last moment of the data (epoch seconds), both rounded outwards to the hour, so that it does not
 * depend on when the page is built.
 */
export function timeAxis(first: number, last: number): TimeAxis {
  const from = Math.floor(first / hourSeconds) * hourSeconds;
  const to = Math.max(Math.ceil(last / hourSeconds) * hourSeconds, from + hourSeconds);
  const step = tickSteps.find((size) => (to - from) / size <= maxTicks) ?? 7 * daySeconds;
  const moments: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) moments.push(at);
  const axis = { from, to };
  const parity = moments.length > 5 ? 2 : 1;
  return {
    from,
    to,
    ticks: moments.map((at, index) => buildTick(axis, at, index % parity === 1)),
    grid: moments.map((at) => plotX(axis, at)),
  };
}

function buildTick(axis: { from: number; to: number }, at: number, minor: boolean): TimeTick {
  const x = plotX(axis, at);
  const iso = isoTime(at);
  const date = `${Number(iso.slice(8, 10))} ${months[Number(iso.slice(5, 7)) - 1]}`;
  const middle = x > plotWidth * 0.97 ? 'end' : 'middle';
  return {
    x: `${roundToTenth(x / 10)}%`,
    label: at % daySeconds === 0 ? date : iso.slice(11, 16),
    iso,
    anchor: x < plotWidth * 0.03 ? 'start' : middle,
    minor,
  };
}
