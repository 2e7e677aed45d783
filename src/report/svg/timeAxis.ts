import { scaleUtc } from 'd3-scale';
import { utcHour } from 'd3-time';
import { isoTime } from '../../model/values/format.ts';
import { daySeconds } from '../../model/values/time.ts';
import { percentOfPlot, plotWidth, roundToTenth } from './coordinates.ts';

/** About this many labels fit below a plot: the scale chooses round times, 4 to 9 of them. */
const preferredTicks = 6;
/** On a phone every second label is left out when there are more than this. */
const maxPhoneTicks = 5;
/** A label this close to the edge, in plot units, is aligned with the edge. */
const edgeWidth = 30;

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

/** The span of time that all panels of a chart share, epoch seconds. */
export interface TimeAxis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly TimeTick[];
  /** Plot units of the ticks, for grid lines. */
  readonly grid: readonly number[];
  /** Plot units of a moment, with a resolution of a tenth. */
  x(at: number): number;
}

const anyScale = scaleUtc();
const dateText = anyScale.tickFormat(preferredTicks, '%-d %b');
const clockText = anyScale.tickFormat(preferredTicks, '%H:%M');

/**
 * Axis from the first to the last moment of the data (epoch seconds), both rounded outwards to the
 * hour, so that it does not depend on when the page is built.
 */
export function timeAxis(first: number, last: number): TimeAxis {
  const scale = scaleUtc([first, Math.max(last, first + 1)].map(toDate), [0, plotWidth]);
  const [from = first, to = last] = scale.nice(utcHour).domain().map(toEpoch);
  const x = (at: number): number => roundToTenth(scale(at * 1000));
  const moments = scale.ticks(preferredTicks).map(toEpoch);
  const phoneStep = moments.length > maxPhoneTicks ? 2 : 1;
  return {
    from,
    to,
    ticks: moments.map((at, index) => ({ ...buildTick(at, x(at)), minor: index % phoneStep > 0 })),
    grid: moments.map(x),
    x,
  };
}

function toDate(epoch: number): Date {
  return new Date(epoch * 1000);
}

function toEpoch(date: Date): number {
  return date.getTime() / 1000;
}

function buildTick(at: number, x: number): Omit<TimeTick, 'minor'> {
  const date = toDate(at);
  const end = x > plotWidth - edgeWidth ? 'end' : 'middle';
  return {
    x: percentOfPlot(x),
    label: at % daySeconds === 0 ? dateText(date) : clockText(date),
    iso: isoTime(at),
    anchor: x < edgeWidth ? 'start' : end,
  };
}
