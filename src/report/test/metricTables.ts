import type { MetricDay, MetricSeries, MetricType } from '../../model/metric/metric.ts';
import {
  formatBitRate,
  formatCount,
  formatMsDigits,
  formatPercent,
  isoTime,
  unknownText,
} from '../../model/values/format.ts';
import { daySeconds } from '../../model/values/time.ts';

/** The table of one perfSONAR test. */
export interface MetricTable {
  readonly title: string;
  readonly task: string | null;
  /** Name of the percentile that shows the bad end. */
  readonly tail: string;
  readonly rows: readonly MetricRow[];
}

interface MetricRow {
  readonly day: string;
  readonly median: string;
  readonly tail: string;
  readonly loss: string;
  readonly runs: string;
  readonly failed: string;
}

const titles: Readonly<Record<MetricType, string>> = {
  latencybg: 'One-way latency, ms',
  latency: 'One-way latency (sampled), ms',
  rtt: 'Round-trip time, ms',
  throughput: 'Throughput',
};

/** Most tables on a page; the JSON has all. */
export const maxMetricTables = 4;
/** Most days of a table. */
const maxDays = 14;

/** The tables of a page, each with its newest day first. */
export function metricTables(metrics: readonly MetricSeries[]): MetricTable[] {
  return metrics.slice(0, maxMetricTables).map(({ type, taskName, days }) => ({
    title: titles[type],
    task: taskName,
    tail: type === 'throughput' ? '5th percentile' : '95th percentile',
    rows: days
      .slice(-maxDays)
      .reverse()
      .map((day) => metricRow(type, day)),
  }));
}

function metricRow(type: MetricType, { day, runs, failed, median, low, high, loss }: MetricDay) {
  const isRate = type === 'throughput';
  const format = isRate ? formatBitRate : formatLatency;
  return {
    day: isoTime(day * daySeconds).slice(0, 'YYYY-MM-DD'.length),
    median: format(median),
    tail: format(isRate ? low : high),
    loss: formatPercent(loss === null ? null : loss * 100),
    runs: formatCount(runs),
    failed: formatCount(failed),
  };
}

/** A one-way latency is negative if a clock is off. */
function formatLatency(value: number | null): string {
  return value === null ? unknownText : formatMsDigits(value);
}
