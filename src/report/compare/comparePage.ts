import type { RouteVariant, TestAnalysis } from '../../model/analysis.ts';
import { familyLabel, hundredths, timeCell } from '../format.ts';
import { layout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { type DiffTable, diffTable } from '../route/diffTable.ts';
import { type DiffView, diffView } from '../route/diffView.ts';
import { render } from '../templates.ts';
import { isReverse } from '../test/relatedTests.ts';
import { endName } from '../test/testFacts.ts';
import type { TestView } from '../test/testView.ts';
import { type CrossView, crossView } from './crossDiff.ts';

/** Routes that are compared with each other, those of the largest share: all pairs of them are on the page. */
const mostVariants = 7;
const mostMoments = 100;

/** Two tests of a pair side by side. */
interface Cross extends CrossView {
  readonly title: string;
  readonly href: string;
  readonly table: DiffTable;
}

/** Two routes of the test, folded away until they are chosen. */
interface VariantPair extends DiffView {
  readonly table: DiffTable;
}

/** A moment that can be chosen, epoch seconds. */
interface Moment {
  readonly at: number;
  readonly text: string;
}

/** `tests/<id>/compare.html`. `others`: the other tests between the same two hosts. */
export function comparePage(
  view: TestView,
  site: SiteContext,
  others: readonly TestAnalysis[],
): Page {
  const { analysis, head } = view;
  const { test } = analysis;
  const ends = `${endName(test.source)} to ${endName(test.destination)}`;
  const [first] = analysis.series;
  const pairs = variantPairs(analysis);
  const body = render('compare', {
    layout: layout(site, {
      root: '../../',
      title: `Comparisons: ${ends}`,
      description:
        'Routes of this test against each other, the way back and the other address family.',
      section: 'test',
    }),
    head,
    testId: test.id,
    crosses: crosses(analysis, others),
    pairs,
    moments: pairs.length > 0 && moments(analysis),
    points: pairs.length > 0 && points(analysis),
    from: first?.at ?? 0,
  });
  return { path: `tests/${test.id}/compare.html`, body };
}

/** The way back of the same family, and the same way over the other family; with the same tool where there is one. */
function crosses(own: TestAnalysis, others: readonly TestAnalysis[]): Cross[] {
  const { test } = own;
  const pick = (turned: boolean, family: 4 | 6): TestAnalysis | undefined => {
    const fitting = others.filter(
      ({ test: other, latest }) =>
        other.id !== test.id &&
        other.family === family &&
        isReverse(test, other) === turned &&
        latest !== null,
    );
    return fitting.find(({ test: other }) => other.tool === test.tool) ?? fitting[0];
  };
  const cross = (other: TestAnalysis | undefined, turned: boolean): Cross[] => {
    const view = other === undefined ? null : crossView(own, other, turned);
    if (other === undefined || view === null) return [];
    const [left, right] = turned
      ? ['Forward', 'Reverse, read from its end']
      : [familyLabel(test.family), familyLabel(other.test.family)];
    const title = turned ? 'Forward against reverse' : `${left} against ${right}`;
    const table = diffTable(title, [left, right], view.lines);
    return [{ ...view, title, href: `../${other.test.id}/index.html`, table }];
  };
  const otherFamily = test.family === 4 ? 6 : 4;
  return [...cross(pick(true, test.family), true), ...cross(pick(false, otherFamily), false)];
}

/** Every two of the routes, the one that came first on the left. */
function variantPairs(analysis: TestAnalysis): VariantPair[] {
  const variants = analysis.variants
    .filter(({ share }) => share > 0)
    .slice(0, mostVariants)
    .sort((a, b) => a.firstSeen - b.firstSeen);
  return variants.flatMap((older, index) =>
    variants.slice(index + 1).map((newer) => variantPair(analysis, older, newer)),
  );
}

function variantPair(
  analysis: TestAnalysis,
  older: RouteVariant,
  newer: RouteVariant,
): VariantPair {
  const view = diffView(analysis, older, newer);
  const caption = `route ${older.letter} against route ${newer.letter}`;
  const titles = [`Route ${older.letter}`, `Route ${newer.letter}`] as const;
  return { ...view, table: diffTable(caption, titles, view.lines) };
}

/** The beginnings of the route periods as choices, newest first. */
function moments({ periods }: TestAnalysis): Moment[] {
  return periods
    .slice(-mostMoments)
    .reverse()
    .map(({ from, variant }) => ({
      at: from,
      text: `${timeCell(from).text} UTC, route ${variant}`,
    }));
}

/** The series for the script: seconds since the first trace, route, RTT in ms (empty: none); `;` between traces. */
function points({ series }: TestAnalysis): string {
  const from = series[0]?.at ?? 0;
  return series
    .map(({ at, variant, rttMs }) => {
      const rtt = rttMs === null ? '' : hundredths(rttMs);
      return `${Math.round(at - from)},${variant},${rtt}`;
    })
    .join(';');
}
