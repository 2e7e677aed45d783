import type { MetricType } from '../../model/metric/metric.ts';
import { daySeconds } from '../../model/values/time.ts';
import { pschedulerDialect } from './pschedulerDocument.ts';
import { type PageEnd, rangeOf, type SearchBody, toMs } from './queries.ts';

/** Where the documents of one type have their values. */
export interface MetricFields {
  readonly index: string;
  readonly value: string;
  readonly sent: string;
  readonly lost: string;
}

const { startField, arrivalField, arrivalOverlapSeconds } = pschedulerDialect;

const packets = { sent: 'result.packets.sent', lost: 'result.packets.lost' };
const latency = { ...packets, value: 'result.latency.median' };

export const metricFields: Readonly<Record<MetricType, MetricFields>> = {
  latencybg: { ...latency, index: 'pscheduler_latencybg' },
  latency: { ...latency, index: 'pscheduler_latency' },
  rtt: { ...packets, value: 'result.rtt.mean', index: 'pscheduler_rtt' },
  throughput: {
    index: 'pscheduler_throughput',
    value: 'result.throughput',
    sent: 'result.packets_sent',
    lost: 'result.packets_lost',
  },
};

/** The days of a request, counted from the epoch, and what earlier runs have read of them. */
export interface DaysToRead {
  readonly fromDay: number;
  readonly toDay: number;
  /** Days from here on have been read, with what arrived until `arrivedUntil`; null for none. */
  readonly known: { readonly fromDay: number; readonly arrivedUntil: number } | null;
}

/** The days with results that have not been read, and the newest arrival. */
export function unreadDaysQuery({ fromDay, toDay, known }: DaysToRead): SearchBody {
  const unread =
    known === null
      ? []
      : [
          rangeOf(arrivalField, { gte: toMs(known.arrivedUntil - arrivalOverlapSeconds) }),
          rangeOf(startField, { lt: toMs(known.fromDay * daySeconds) }),
        ];
  return {
    size: 0,
    track_total_hits: false,
    query: {
      bool: {
        filter: [startsWithin(fromDay, toDay)],
        ...(unread.length > 0 && { should: unread, minimum_should_match: 1 }),
      },
    },
    aggs: {
      days: { date_histogram: { field: startField, fixed_interval: '1d', min_doc_count: 1 } },
      arrival: { max: { field: arrivalField } },
    },
  };
}

/** Tests of a page. OpenSearch counts the runs of the day again for each page. */
export const maxTestsOfPage = 2000;
/** The median and the percentiles of `MetricDay`. */
export const percents = { median: 50, low: 5, high: 95 } as const;

/** A page of the summaries of one day, by test. */
export function dayQuery(
  day: number,
  { value, sent, lost }: MetricFields,
  after: PageEnd,
): SearchBody {
  const by = (field: string) => ({ terms: { field } });
  return {
    size: 0,
    track_total_hits: false,
    query: { bool: { filter: [startsWithin(day, day)] } },
    aggs: {
      tests: {
        composite: {
          size: maxTestsOfPage,
          sources: [
            { source: by('meta.source.ip') },
            { destination: by('meta.destination.ip') },
            { key: by('pscheduler.test_checksum.keyword') },
          ],
          ...(after !== null && { after: Object.fromEntries(after as [string, unknown][]) }),
        },
        aggs: {
          value: {
            percentiles: { field: value, percents: Object.values(percents).sort((a, b) => a - b) },
          },
          sent: { sum: { field: sent } },
          lost: { sum: { field: lost } },
          failed: { filter: { term: { 'result.succeeded': false } } },
          unit: { max: { field: 'test.spec.bucket-width' } },
          task: { terms: { field: 'reference.display-task-name.keyword', size: 1 } },
        },
      },
    },
  };
}

function startsWithin(fromDay: number, toDay: number): SearchBody {
  return rangeOf(startField, {
    gte: toMs(fromDay * daySeconds),
    lt: toMs((toDay + 1) * daySeconds),
  });
}
