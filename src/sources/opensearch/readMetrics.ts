import type { MetricPosition, MetricType } from '../../model/metric/metric.ts';
import { dayOf } from '../../model/values/time.ts';
import type { MetricBatch, MetricRequest } from '../types.ts';
import { type DayPage, parseDayPage, parseUnreadDays } from './metricPage.ts';
import { dayQuery, maxTestsOfPage, metricFields, unreadDaysQuery } from './metricQueries.ts';
import type { PageEnd } from './queries.ts';
import type { SearchApi } from './searchApi.ts';

/** Later days are from a wrong clock; a run of tomorrow may only be early. */
const daysAhead = 1;
/** Pages of one day, of so many tests each; an archive that does not end has more. */
const maxPagesOfDay = 50;

/**
 * Summarizes each day that has results which earlier runs have not read. OpenSearch does the sums,
 * so a run of a test costs no transfer. The last batch has the position. Throws an `ExpectedError`
 * if the archive fails, or cannot read all of its indices.
 */
export async function* readMetrics(
  api: SearchApi,
  { type, window, now, position }: MetricRequest,
): AsyncGenerator<MetricBatch> {
  const fields = metricFields[type];
  const fromDay = Math.min(dayOf(window.from), position?.fromDay ?? Infinity);
  const toDay = dayOf(now) + daysAhead;
  const query = unreadDaysQuery({ fromDay, toDay, known: position });
  const unread = await api.searchWhole(fields.index, query, parseUnreadDays);
  const days = new Set(unread.days.filter((day) => fromDay <= day && day <= toDay));
  for (const day of days) yield* readDay(api, type, day);
  const arrivedUntil = Math.min(now, unread.arrivedAt ?? 0);
  const next: MetricPosition = {
    fromDay,
    arrivedUntil: Math.max(arrivedUntil, position?.arrivedUntil ?? 0),
    readAt: now,
  };
  yield { readings: [], position: next };
}

async function* readDay(
  api: SearchApi,
  type: MetricType,
  day: number,
): AsyncGenerator<MetricBatch> {
  const context = { archive: api.address.id, type, day };
  const fields = metricFields[type];
  let after: PageEnd = null;
  for (let pages = 0; pages < maxPagesOfDay; pages += 1) {
    const query = dayQuery(day, fields, after);
    const page: DayPage = await api.searchWhole(fields.index, query, (response) =>
      parseDayPage(response, context),
    );
    yield { readings: page.readings, position: null };
    after = page.tests < maxTestsOfPage ? null : page.end;
    if (after === null) return;
  }
}
