import { ascending, descending } from 'd3-array';
import {
  formatMs,
  formatMsCell,
  formatPercent,
  formatRoundDuration,
  unknownText,
} from '../../../model/values/format.ts';
import { lowerQuantile, sortAscending } from '../../../model/values/statistics.ts';
import { daySeconds, hourSeconds } from '../../../model/values/time.ts';
import type { Figure, Grid, PageCell } from './gridCells.ts';

/** Steps of a metric, 1 to 5, with the labels of the legend. */
interface StepScale {
  readonly labels: readonly string[];
  step(value: number): number;
}

/** Legend of a metric. `none`: label of cells without a value. */
export interface MetricLegend {
  readonly labels: readonly string[];
  readonly none: string;
}

interface Metric {
  value(cell: PageCell): number | null;
  text(value: number): string;
  scale(values: readonly number[]): StepScale;
  readonly none?: string;
}

const maxSteps = 5;

/** A scale with these bounds: the step of a value is 1 plus the number of bounds at or below it. */
function bounded(bounds: readonly number[], labels: readonly string[]): StepScale {
  return { labels, step: (value) => 1 + bounds.filter((bound) => value >= bound).length };
}

function quintiles(values: readonly number[], text: (value: number) => string): StepScale {
  const sorted = sortAscending(values);
  const [least = 0] = sorted;
  const bounds = [0.2, 0.4, 0.6, 0.8]
    .map((share) => lowerQuantile(sorted, share))
    .filter((bound, index, all) => bound > least && bound !== all[index - 1]);
  return bounded(bounds, rangeLabels(bounds.map(text)));
}

/** Labels of the ranges between bounds, both open ends included. */
function rangeLabels(bounds: readonly string[]): string[] {
  const [first] = bounds;
  if (first === undefined) return ['all'];
  const inner = bounds.slice(1).map((bound, index) => `${bounds[index]} – ${bound}`);
  return [`< ${first}`, ...inner, `≥ ${bounds.at(-1)}`];
}

/** One step per value if there are at most five different values, else quintiles. */
function distinct(
  values: readonly number[],
  order: typeof ascending | typeof descending,
): StepScale {
  const unique = [...new Set(values)].sort(order);
  if (unique.length > maxSteps) return quintiles(values, String);
  return { labels: unique.map(String), step: (value) => 1 + unique.indexOf(value) };
}

function signedPercent(value: number): string {
  const size = Math.abs(value).toFixed(0);
  return size === '0' ? '±0%' : `${value > 0 ? '+' : '−'}${size}%`;
}

function excessPercent(cell: PageCell): number | null {
  const [rtt, usual] = [cell.figure('rtt'), cell.figure('usual')];
  return rtt === null || !usual ? null : (100 * (rtt - usual)) / usual;
}

function counted(name: Figure, order: typeof ascending | typeof descending): Metric {
  return {
    value: (cell) => cell.figure(name),
    text: String,
    scale: (values) => distinct(values, order),
  };
}

const ageBounds = [hourSeconds, 6 * hourSeconds, daySeconds, 3 * daySeconds];
const ageLabels = ['< 1 h', '1 – 6 h', '6 – 24 h', '1 – 3 d', '> 3 d'];

const metrics = new Map<string, Metric>([
  [
    'rtt',
    {
      value: (cell) => cell.figure('rtt'),
      text: formatMsCell,
      scale: (values) => quintiles(values, formatMs),
    },
  ],
  [
    'usual',
    {
      value: excessPercent,
      text: signedPercent,
      scale: () => bounded([-5, 5, 25, 100], ['< −5%', '±5%', '+5 – 25%', '+25 – 100%', '> +100%']),
    },
  ],
  [
    'loss',
    {
      value: (cell) => cell.figure('loss'),
      text: formatPercent,
      scale: () => bounded([0.005, 1, 5, 20], ['0%', '< 1%', '1 – 5%', '5 – 20%', '≥ 20%']),
    },
  ],
  ['hops', counted('hops', ascending)],
  ['mtu', counted('mtu', descending)],
  ['as', counted('as', ascending)],
  [
    'change',
    {
      value: (cell) => cell.figure('change'),
      text: formatRoundDuration,
      // The newest changes get the strongest step.
      scale: () => ({
        labels: ageLabels.toReversed(),
        step: (value) => maxSteps - ageBounds.filter((bound) => value >= bound).length,
      }),
      none: 'none in the window',
    },
  ],
]);

/**
 * Shows a metric in every cell and sets its `step`; null for the states, and for a metric that does
 * not exist.
 */
export function paintMetric({ table, cells }: Grid, name: string): MetricLegend | null {
  const metric = metrics.get(name);
  if (metric === undefined) {
    for (const cell of cells) {
      cell.step = null;
      cell.show(cell.state, cell.text);
    }
    return null;
  }
  const showsSteps = table.classList.contains('glyphs');
  const values = cells.map(metric.value);
  const scale = metric.scale(values.filter((value) => value !== null));
  cells.forEach((cell, index) => {
    const value = values[index] ?? null;
    cell.step = value === null ? 0 : scale.step(value);
    const text = value === null ? unknownText : metric.text(value);
    cell.show(`step-${cell.step}`, showsSteps && value !== null ? String(cell.step) : text);
  });
  return { labels: scale.labels, none: metric.none ?? 'unknown' };
}
