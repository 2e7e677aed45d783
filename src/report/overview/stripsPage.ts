import type { MeshAnalysis, TestSummary } from '../../model/site/analysis.ts';
import {
  type DailyTimeline,
  timelineMarks,
  timelineSlotSeconds,
} from '../../model/site/dailyTimeline.ts';
import { endpointDisplayName, endpointHostName } from '../../model/test/testText.ts';
import {
  familyLabel,
  formatCount,
  isoTime,
  pluralize,
  timeText,
} from '../../model/values/format.ts';
import { daySeconds, hourSeconds } from '../../model/values/time.ts';
import { pageLayout } from '../layout.ts';
import { sharedDomain } from '../matrix/hosts.ts';
import { testHref } from '../matrix/matrixCell.ts';
import type { Page, SiteContext } from '../page.ts';
import { stateText } from '../stateText.ts';
import { renderPage } from '../templates.ts';
import { type SourceTimelines, type TimelineRow, timelineRows } from './timelineRows.ts';

/** With more tests than this, the page shows only tests with events, to stay readable and small. */
const maxRows = 1000;
const slotsPerHour = hourSeconds / timelineSlotSeconds;

/**
 * End of the daily timelines of a site: the end of its window, rounded up to ten minutes; epoch
 * seconds.
 */
export function timelineDayEnd({ window }: SiteContext): number {
  return Math.ceil(window.to / timelineSlotSeconds) * timelineSlotSeconds;
}

/** `strips.html`: the last day of every test as a line of text. */
export function stripsPage(
  mesh: MeshAnalysis,
  timelines: readonly DailyTimeline[],
  site: SiteContext,
): Page {
  const to = timelineDayEnd(site);
  const from = to - daySeconds;
  const marksByTest = new Map(timelines.map(({ testId, timeline }) => [testId, timeline]));
  const domain = sharedDomain(
    mesh.tests.flatMap(({ test }) => [test.source.name, test.destination.name]),
  );
  const all = sortInMeshOrder(mesh).filter(({ test }) => marksByTest.has(test.id));
  const eventful = all.filter(({ test }) => isEventful(marksByTest.get(test.id) ?? ''));
  const shown = (all.length > maxRows ? eventful : all).slice(0, 2 * maxRows);
  const body = renderPage('strips', {
    layout: pageLayout(site, {
      root: '',
      title: 'Daily timelines',
      description: `${pluralize(eventful.length, 'test')} of ${formatCount(all.length)} with a switch of route, an outage or a gap in 24 h.`,
      section: 'strips',
    }),
    from: timeText(from),
    to: timeText(to),
    summary: `${pluralize(eventful.length, 'test')} of ${formatCount(all.length)} had a switch of route, an outage, a failure or a gap.`,
    omitted: shown.length < all.length ? formatCount(all.length - shown.length) : '',
    domain,
    ruler: hourRuler(from),
    hasRows: shown.length > 0,
    rows: timelineRows(groupBySource(shown, marksByTest, domain)),
  });
  return { path: 'strips.html', body };
}

/** The hours above the timelines: two digits at the start of each. */
function hourRuler(from: number): string {
  const first = Math.ceil(from / hourSeconds) * hourSeconds;
  const lead = ' '.repeat((first - from) / timelineSlotSeconds);
  const hours = Array.from({ length: 24 }, (_, index) =>
    isoTime(first + index * hourSeconds)
      .slice(11, 13)
      .padEnd(slotsPerHour),
  );
  return (lead + hours.join('')).slice(0, 24 * slotsPerHour);
}

/** Whether a timeline shows more than one route without gaps. */
function isEventful(marks: string): boolean {
  return !/^ *[A-Z#]?[. ]*$/.test(marks);
}

/** The tests in the order of the mesh's hosts, IPv4 before IPv6. */
function sortInMeshOrder({ tests, sources, destinations }: MeshAnalysis): TestSummary[] {
  const [from, to] = [sources, destinations].map(
    (ends) => new Map(ends.map((end, index) => [endpointHostName(end), index])),
  );
  const sortKeyOf = ({ test }: TestSummary) => [
    from?.get(endpointHostName(test.source)) ?? 0,
    to?.get(endpointHostName(test.destination)) ?? 0,
    test.family,
  ];
  return tests
    .map((summary) => ({ summary, at: sortKeyOf(summary) }))
    .sort((a, b) => a.at.map((rank, index) => rank - (b.at[index] ?? 0)).find((d) => d !== 0) ?? 0)
    .map(({ summary }) => summary);
}

/** The rows by source, in the order of the tests. */
function groupBySource(
  shown: readonly TestSummary[],
  marksByTest: ReadonlyMap<string, string>,
  domain: string,
): SourceTimelines[] {
  const shorten = (name: string) =>
    domain !== '' && name.endsWith(domain) ? name.slice(0, -domain.length) : name;
  const sources = Map.groupBy(shown, ({ test }) => endpointHostName(test.source));
  return Array.from(sources, ([source, tests]) => {
    const testsByDestination = Map.groupBy(
      tests,
      ({ test }) => `${endpointHostName(test.destination)} ${test.family}`,
    );
    return {
      name: tests[0]?.test.source.displayName ?? shorten(source),
      rows: tests.map((summary) => {
        const { destination, family } = summary.test;
        const isOnlyTool =
          testsByDestination.get(`${endpointHostName(destination)} ${family}`)?.length === 1;
        const name = shorten(endpointDisplayName(destination));
        return timelineRow(summary, name, isOnlyTool, marksByTest.get(summary.test.id) ?? '');
      }),
    };
  });
}

/** A row names the tool unless `isOnlyTool`: no other tool tests the same pair and family. */
function timelineRow(
  { test, state }: TestSummary,
  name: string,
  isOnlyTool: boolean,
  marks: string,
): TimelineRow {
  const segments = (marks.match(/^[. ]*[A-Z#]?[. ]*|[. ]+|[A-Z#]+|×+|!+|_+/g) ?? [])
    .filter((text) => text !== '')
    .map((text, index) => ({
      kind: index === 0 && /^[. A-Z#]+$/.test(text) ? '' : segmentKind(text[0] ?? ''),
      text,
    }));
  return {
    href: testHref(test.id),
    name,
    detail: isOnlyTool ? familyLabel(test.family) : `${familyLabel(test.family)} ${test.tool}`,
    state: stateText(state),
    segments,
    summary: summarize(marks),
  };
}

function segmentKind(mark: string): string {
  if (mark === timelineMarks.unreached) return 'unreached';
  if (mark === timelineMarks.failed) return 'failed';
  if (mark === timelineMarks.missing) return 'missing';
  return mark === timelineMarks.same || mark === timelineMarks.none ? '' : 'letter';
}

/** A timeline as text for screen readers: `2 route changes, 30 min not reached`. */
function summarize(marks: string): string {
  const letters = (marks.match(/[A-Z#]/g) ?? []).length;
  const minutes = (mark: string) => (marks.split(mark).length - 1) * (timelineSlotSeconds / 60);
  const parts = [
    letters > 1 ? pluralize(letters - 1, 'route change') : '',
    minutesText(minutes(timelineMarks.unreached), 'not reached'),
    minutesText(minutes(timelineMarks.failed), 'failed'),
    minutesText(minutes(timelineMarks.missing), 'without a result'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'the same route all day' : parts.join(', ');
}

function minutesText(minutes: number, text: string): string {
  return minutes === 0 ? '' : `${formatCount(minutes)} min ${text}`;
}
