import { canonicalAddress } from '../../lib/ip.ts';
import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { roundDecimals } from '../../lib/roundDecimals.ts';
import type { MetricDay, MetricTest, MetricType } from '../../model/metric/metric.ts';
import { dayOf } from '../../model/values/time.ts';
import { numberOf } from '../probeValues.ts';
import { listOf, textOf } from '../results/resultFormat.ts';
import type { MetricReading } from '../types.ts';
import { percents } from './metricQueries.ts';
import type { PageEnd } from './queries.ts';

/** The days that a response names, ascending, and the newest arrival, epoch seconds. */
export function parseUnreadDays(response: JsonObject): {
  readonly days: readonly number[];
  readonly arrivedAt: number | null;
} {
  const { days, arrival } = jsonObject(response.aggregations);
  const numbers = listOf(jsonObject(days).buckets)
    .map((bucket) => dayOf(numberOf(jsonObject(bucket).key) / 1000))
    .filter(Number.isSafeInteger);
  const arrivedAt = numberOf(jsonObject(arrival).value) / 1000;
  return { days: numbers, arrivedAt: Number.isFinite(arrivedAt) ? arrivedAt : null };
}

/** Summaries of one response. */
export interface DayPage {
  readonly readings: readonly MetricReading[];
  /** Number of tests in the response. */
  readonly tests: number;
  /** The key of the last one. */
  readonly end: PageEnd;
}

/** The summaries of a page; entries with impossible values are left out. */
export function parseDayPage(
  response: JsonObject,
  context: Pick<MetricTest, 'archive' | 'type'> & Pick<MetricDay, 'day'>,
): DayPage {
  const { buckets, after_key } = jsonObject(jsonObject(response.aggregations).tests);
  const all = listOf(buckets);
  const end = Object.entries(jsonObject(after_key));
  return {
    readings: all.flatMap((bucket) => readBucket(jsonObject(bucket), context) ?? []),
    tests: all.length,
    end: end.length === 0 ? null : end,
  };
}

/** A checksum of pScheduler. */
const keyPattern = /^[\w-]{1,64}$/;

function readBucket(
  bucket: JsonObject,
  { archive, type, day }: Pick<MetricTest, 'archive' | 'type'> & Pick<MetricDay, 'day'>,
): MetricReading | null {
  const ends = jsonObject(bucket.key);
  const [source, destination] = [ends.source, ends.destination].map(canonicalAddress);
  const { key } = ends;
  const runs = countOf(bucket.doc_count);
  if (source == null || destination == null || runs === null) return null;
  if (typeof key !== 'string' || !keyPattern.test(key)) return null;
  const [task] = listOf(jsonObject(bucket.task).buckets);
  const values = jsonObject(jsonObject(bucket.value).values);
  const factor = unitFactor(type, jsonObject(bucket.unit).value);
  const percentile = (percent: number) => scaledValue(type, values[percent.toFixed(1)], factor);
  return {
    test: { archive, type, key, source, destination, taskName: textOf(jsonObject(task).key) },
    day: {
      day,
      runs,
      failed: Math.min(runs, countOf(jsonObject(bucket.failed).doc_count) ?? 0),
      median: percentile(percents.median),
      low: percentile(percents.low),
      high: percentile(percents.high),
      loss: lossOf(jsonObject(bucket.sent).value, jsonObject(bucket.lost).value),
    },
  };
}

function countOf(value: unknown): number | null {
  const count = numberOf(value);
  return Number.isSafeInteger(count) && count >= 0 ? count : null;
}

/** Width of a bucket of latencies that pScheduler uses unless a test asks for another, seconds. */
const defaultBucketSeconds = 0.001;
const msOfSecond = 1000;

/** Latencies are in buckets, whose width is in the specification; RTTs are in seconds. */
function unitFactor(type: MetricType, bucketWidth: unknown): number {
  if (type === 'throughput') return 1;
  if (type === 'rtt') return msOfSecond;
  const width = numberOf(bucketWidth);
  return (width > 0 && width <= 1 ? width : defaultBucketSeconds) * msOfSecond;
}

/** No clock is further off, and no tool waits longer, milliseconds. */
const maxMs = 600_000;
const maxBitsPerSecond = 1e14;

/** A one-way latency is negative if a clock is off. */
function scaledValue(type: MetricType, value: unknown, factor: number): number | null {
  const scaled = numberOf(value) * factor;
  const isThroughput = type === 'throughput';
  const least = type === 'latency' || type === 'latencybg' ? -maxMs : 0;
  const most = isThroughput ? maxBitsPerSecond : maxMs;
  return scaled >= least && scaled <= most ? roundDecimals(scaled) : null;
}

/** The sums of OpenSearch are 0 without any value. */
function lossOf(sent: unknown, lost: unknown): number | null {
  const share = numberOf(lost) / numberOf(sent);
  return share >= 0 && share <= 1 ? share : null;
}
