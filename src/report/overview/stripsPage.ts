import type { MeshAnalysis, TestSummary } from '../../model/analysis.ts';
import { stripMarks, stripSlotSeconds, type TestCourse } from '../../model/course.ts';
import { count, counted, familyLabel, isoTime, timeText } from '../format.ts';
import { layout } from '../layout.ts';
import { sharedDomain } from '../matrix/hosts.ts';
import { testHref } from '../matrix/matrixCell.ts';
import type { Page, SiteContext } from '../page.ts';
import { type StateText, stateText } from '../stateText.ts';
import { render } from '../templates.ts';
import { endName, hostName } from '../test/testFacts.ts';

/** With more tests than this only those show to which something happened, so that the page stays readable and small. */
const mostRows = 1000;
const slotsPerHour = 3600 / stripSlotSeconds;

/** End of the day that the strips of a site show: the end of its window, up to the next ten minutes, epoch seconds. */
export function stripDayEnd({ window }: SiteContext): number {
  return Math.ceil(window.to / stripSlotSeconds) * stripSlotSeconds;
}

interface StripRow {
  readonly href: string;
  /** Its destination. */
  readonly name: string;
  readonly detail: string;
  readonly state: StateText;
  readonly runs: readonly StripRun[];
  readonly summary: string;
}

/** Neighbouring marks of one kind: '' as before or nothing, `letter`, `bad`, `failed` or `missing`. */
interface StripRun {
  readonly kind: string;
  readonly text: string;
}

/** `strips.html`: the last day of every test as a line of text. */
export function stripsPage(
  mesh: MeshAnalysis,
  courses: readonly TestCourse[],
  site: SiteContext,
): Page {
  const to = stripDayEnd(site);
  const from = to - 86_400;
  const strips = new Map(courses.map(({ testId, strip }) => [testId, strip]));
  const domain = sharedDomain(
    mesh.tests.flatMap(({ test }) => [test.source.name, test.destination.name]),
  );
  const all = inOrder(mesh).filter(({ test }) => strips.has(test.id));
  const eventful = all.filter(({ test }) => isEventful(strips.get(test.id) ?? ''));
  const shown = (all.length > mostRows ? eventful : all).slice(0, 2 * mostRows);
  const body = render('strips', {
    layout: layout(site, {
      root: '',
      title: 'Day strips',
      description: `${counted(eventful.length, 'test')} of ${count(all.length)} with a change, an outage or a gap in 24 h.`,
      section: 'strips',
    }),
    from: timeText(from),
    to: timeText(to),
    summary: `${counted(eventful.length, 'test')} of ${count(all.length)} had a change, an outage, a failure or a gap.`,
    left: shown.length < all.length ? count(all.length - shown.length) : '',
    domain,
    ruler: ruler(from),
    sources: bySource(shown, strips, domain),
  });
  return { path: 'strips.html', body };
}

/** The hours above the strips: two digits where each begins. */
function ruler(from: number): string {
  const first = Math.ceil(from / 3600) * 3600;
  const lead = ' '.repeat((first - from) / stripSlotSeconds);
  const hours = Array.from({ length: 24 }, (_, index) =>
    isoTime(first + index * 3600)
      .slice(11, 13)
      .padEnd(slotsPerHour),
  );
  return (lead + hours.join('')).slice(0, 24 * slotsPerHour);
}

/** Anything but one route throughout. */
function isEventful(strip: string): boolean {
  return !/^ *[A-Z#]?[. ]*$/.test(strip);
}

/** The tests in the order of the mesh's hosts, IPv4 before IPv6. */
function inOrder({ tests, sources, destinations }: MeshAnalysis): TestSummary[] {
  const [from, to] = [sources, destinations].map(
    (ends) => new Map(ends.map((end, index) => [hostName(end), index])),
  );
  const place = ({ test }: TestSummary) => [
    from?.get(hostName(test.source)) ?? 0,
    to?.get(hostName(test.destination)) ?? 0,
    test.family,
  ];
  return tests
    .map((summary) => ({ summary, at: place(summary) }))
    .sort((a, b) => a.at.map((rank, index) => rank - (b.at[index] ?? 0)).find((d) => d !== 0) ?? 0)
    .map(({ summary }) => summary);
}

/** The rows under the names of their sources, in the order of the tests. */
function bySource(
  shown: readonly TestSummary[],
  strips: ReadonlyMap<string, string>,
  domain: string,
): object[] {
  const short = (name: string) =>
    domain !== '' && name.endsWith(domain) ? name.slice(0, -domain.length) : name;
  const sources = Map.groupBy(shown, ({ test }) => hostName(test.source));
  return Array.from(sources, ([source, tests]) => {
    const places = Map.groupBy(tests, ({ test }) => `${hostName(test.destination)} ${test.family}`);
    return {
      name: tests[0]?.test.source.displayName ?? short(source),
      rows: tests.map((summary) => {
        const { destination, family } = summary.test;
        const alone = places.get(`${hostName(destination)} ${family}`)?.length === 1;
        const name = short(endName(destination));
        return stripRow(summary, name, alone, strips.get(summary.test.id) ?? '');
      }),
    };
  });
}

/** `alone`: no other tool tests the same pair and family, so the tool need not be told. */
function stripRow(
  { test, state }: TestSummary,
  name: string,
  alone: boolean,
  strip: string,
): StripRow {
  const runs = (strip.match(/^[. ]*[A-Z#]?[. ]*|[. ]+|[A-Z#]+|×+|!+|_+/g) ?? [])
    .filter((text) => text !== '')
    .map((text, index) => ({
      kind: index === 0 && /^[. A-Z#]+$/.test(text) ? '' : kindOf(text[0] ?? ''),
      text,
    }));
  return {
    href: testHref(test.id),
    name,
    detail: alone ? familyLabel(test.family) : `${familyLabel(test.family)} ${test.tool}`,
    state: stateText(state),
    runs,
    summary: summaryOf(strip),
  };
}

function kindOf(mark: string): string {
  if (mark === stripMarks.unreached) return 'bad';
  if (mark === stripMarks.failed) return 'failed';
  if (mark === stripMarks.missing) return 'missing';
  return mark === stripMarks.same || mark === stripMarks.none ? '' : 'letter';
}

/** What the strip says, for those who do not see it: `2 route changes, 30 min not reached`. */
function summaryOf(strip: string): string {
  const letters = (strip.match(/[A-Z#]/g) ?? []).length;
  const minutes = (mark: string) => (strip.split(mark).length - 1) * (stripSlotSeconds / 60);
  const parts = [
    letters > 1 ? counted(letters - 1, 'route change') : '',
    told(minutes(stripMarks.unreached), 'not reached'),
    told(minutes(stripMarks.failed), 'failed'),
    told(minutes(stripMarks.missing), 'without a result'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'the same route all day' : parts.join(', ');
}

function told(minutes: number, what: string): string {
  return minutes === 0 ? '' : `${count(minutes)} min ${what}`;
}
