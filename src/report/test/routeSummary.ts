import type { RoutePeriod, RouteVariant, TestAnalysis } from '../../model/site/analysis.ts';
import {
  formatDuration,
  formatMs,
  formatMsChange,
  pluralize,
  type TimeText,
  timeText,
  utcClock,
} from '../../model/values/format.ts';
import { dayOf } from '../../model/values/time.ts';
import type { HistorySegment } from '../history/alternation.ts';
import { listText } from '../listText.ts';
import { responderText } from '../responderText.ts';
import { routeLength } from '../route/currentRoute.ts';

/**
 * The current route in a sentence, in parts because its time is an element of its own: "Route B
 * since [09:10 UTC] (AS change): +18 ms vs. usual, 2 more hops, MTU unchanged, reached."
 */
export interface RouteSummary {
  readonly lead: string;
  /** null if the lead already has the time span. */
  readonly since: TimeText | null;
  readonly note: string;
  readonly figures: string;
}

/** The current variant and the usual one (largest share); null without a trace. */
function currentAndUsual(analysis: TestAnalysis): [RouteVariant, RouteVariant] | null {
  const letter = analysis.series.at(-1)?.variant;
  const current = analysis.variants.find((variant) => variant.letter === letter);
  const [usual] = analysis.variants;
  return current && usual ? [current, usual] : null;
}

function rttFigure(analysis: TestAnalysis, current: RouteVariant, usual: RouteVariant): string[] {
  const { rttMs, usualRttMs } = analysis;
  if (current !== usual && current.medianRttMs !== null && usual.medianRttMs !== null) {
    return [`${formatMsChange(current.medianRttMs - usual.medianRttMs)} vs. usual`];
  }
  if (rttMs === null) return [];
  return usualRttMs === null
    ? [formatMs(rttMs)]
    : [`${formatMs(rttMs)} (usual ${formatMs(usualRttMs)})`];
}

function hopFigure(current: RouteVariant, usual: RouteVariant): string {
  const hops = routeLength(current.route);
  const more = hops - routeLength(usual.route);
  if (current === usual) return pluralize(hops, 'hop');
  if (more === 0) return 'same number of hops';
  return `${pluralize(Math.abs(more), more > 0 ? 'more hop' : 'hop fewer', more > 0 ? 'more hops' : 'hops fewer')}`;
}

function mtuFigure(current: RouteVariant, usual: RouteVariant): string[] {
  if (current.pathMtu === null) return [];
  if (current === usual) return [`MTU ${current.pathMtu}`];
  if (usual.pathMtu === null || usual.pathMtu === current.pathMtu) return ['MTU unchanged'];
  return [`MTU ${current.pathMtu} instead of ${usual.pathMtu}`];
}

/** A time; without its date on the day of the newest trace. */
function sinceText(at: number, newest: number): TimeText {
  const sameDay = dayOf(at) === dayOf(newest);
  return sameDay ? { iso: timeText(at).iso, text: utcClock(at) } : timeText(at);
}

function leadPart(
  analysis: TestAnalysis,
  segment: HistorySegment | undefined,
  current: RouteVariant,
): Pick<RouteSummary, 'lead' | 'since'> {
  const newest = analysis.series.at(-1)?.at ?? 0;
  const oldest = analysis.series[0]?.at ?? 0;
  const from = analysis.periods[segment?.first ?? 0]?.from ?? oldest;
  const since = sinceText(from, newest);
  const letters = segment?.variants.map((variant) => variant.letter).sort() ?? [];
  if (letters.length > 3) return { lead: `${letters.length} routes alternate since`, since };
  if (letters.length > 0) {
    return { lead: `Routes ${listText(letters)} alternate since`, since };
  }
  if (analysis.periods.length > 1) return { lead: `Route ${current.letter} since`, since };
  const traces = pluralize(analysis.traces, 'trace');
  const over = newest > oldest ? `, ${formatDuration(newest - oldest)}` : '';
  return { lead: `Route ${current.letter} throughout (${traces}${over})`, since: null };
}

/** Last reply of an unreached period: `last reply from hop 5 of 14 (r5.example)`. */
function lastAnswer({ responders }: TestAnalysis, period: RoutePeriod, hops: number): string {
  const end = period.route.findLast(({ addresses }) => addresses.length > 0);
  if (end === undefined) return 'no hop replies';
  const totalText = end.ttl < hops ? ` of ${hops}` : '';
  const { name } = responderText(responders, end.addresses[0] ?? '');
  return `last reply from hop ${end.ttl}${totalText} (${name})`;
}

/** The summary while the destination does not reply; null if it does. */
function unreachedSummary(analysis: TestAnalysis, current: RouteVariant): RouteSummary | null {
  const { periods, series } = analysis;
  const period = periods.at(-1);
  if (period === undefined || period.reached) return null;
  const firstUnreached = periods.findLastIndex(({ reached }) => reached) + 1;
  const from = periods[firstUnreached]?.from ?? period.from;
  const where = lastAnswer(analysis, period, routeLength(current.route));
  const figures = `${where}, route ${current.letter}`;
  if (firstUnreached > 0) {
    const since = sinceText(from, series.at(-1)?.at ?? from);
    return { lead: 'Destination not reached since', since, note: '', figures };
  }
  const lead = `Destination never reached (${pluralize(analysis.traces, 'trace')})`;
  return { lead, since: null, note: '', figures };
}

/** The route summary of a test; `segments` from `historySegments`. null without a trace. */
export function routeSummary(
  analysis: TestAnalysis,
  segments: readonly HistorySegment[],
): RouteSummary | null {
  const variants = currentAndUsual(analysis);
  if (variants === null) return null;
  const [current, usual] = variants;
  const unreached = unreachedSummary(analysis, current);
  if (unreached !== null) return unreached;
  const asChanged = current.asPath.join() !== usual.asPath.join();
  const figures = [
    ...rttFigure(analysis, current, usual),
    hopFigure(current, usual),
    ...mtuFigure(current, usual),
    analysis.series.at(-1)?.reached ? 'reached' : 'not reached by the latest trace',
  ];
  return {
    ...leadPart(analysis, segments.at(-1), current),
    note: asChanged ? ' (AS change)' : '',
    figures: figures.join(', '),
  };
}

/** The summary as one plain sentence, for page descriptions. */
export function routeSummaryText({ lead: start, since, note, figures }: RouteSummary): string {
  return `${start}${since ? ` ${since.text}` : ''}${note}: ${figures}.`;
}
