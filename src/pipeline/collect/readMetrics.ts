import {
  type MetricName,
  type MetricPosition,
  type MetricType,
  metricTypes,
} from '../../model/metric/metric.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { Interval } from '../../model/trace/trace.ts';
import { dayOf, hourSeconds } from '../../model/values/time.ts';
import type { StreamArchive } from '../../sources/types.ts';
import { pairOf } from '../../store/history/metrics.ts';
import type { Store } from '../../store/store.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import type { CollectRequest } from './readTest.ts';

/** The archive counts all results of a day again for its figures, so runs do not ask each time. */
const pauseSeconds = hourSeconds;

/** The types of tests behind a metric. */
const typesOf: Readonly<Record<MetricName, readonly MetricType[]>> = {
  latency: ['latencybg', 'latency'],
  rtt: ['rtt'],
  throughput: ['throughput'],
};

/**
 * Reads the daily figures of the pairs that have a test, if the last reading is an hour ago. A
 * failure is a problem; what was stored remains. Returns the problems.
 */
export async function readMetrics(
  stream: StreamArchive,
  names: readonly MetricName[],
  store: Store,
  request: CollectRequest,
  session: Session,
): Promise<Problem[]> {
  const wanted = new Set(names.flatMap((name) => typesOf[name]));
  try {
    for (const type of metricTypes.filter((each) => wanted.has(each))) {
      await readType(stream, type, store, request, session);
    }
    return [];
  } catch (error) {
    return [toContainedProblem(error, stream.id, session)];
  }
}

async function readType(
  { id, readMetrics: read }: StreamArchive,
  type: MetricType,
  { metrics, batched }: Store,
  { window, again = false }: CollectRequest,
  { now, signal }: Session,
): Promise<void> {
  const position = again ? null : metrics.position(id, type);
  if (read === null || (position !== null && !isDue(position, window, now))) return;
  const pairs = metrics.pairs();
  for await (const batch of read({ type, window, now, position })) {
    signal.throwIfAborted();
    batched(() => {
      for (const { test, day } of batch.readings) {
        if (pairs.has(pairOf(test.source, test.destination))) metrics.add(test, day);
      }
      if (batch.position !== null) metrics.setPosition(id, type, batch.position);
    });
  }
}

function isDue({ fromDay, readAt }: MetricPosition, window: Interval, now: number): boolean {
  return now - readAt >= pauseSeconds || dayOf(window.from) < fromDay;
}
