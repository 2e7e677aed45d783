import type { RouteVariant, TestAnalysis } from '../../model/site/analysis.ts';
import { endpointDisplayName } from '../../model/test/testText.ts';
import { familyLabel, formatHundredths, timeCell } from '../../model/values/format.ts';
import { pageLayout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { type DiffTable, diffTable } from '../route/diffTable.ts';
import { type DiffView, diffView } from '../route/diffView.ts';
import { renderPage } from '../templates.ts';
import { isReverse } from '../test/relatedTests.ts';
import type { TestView } from '../test/testView.ts';
import { type CrossView, crossView } from './crossDiff.ts';

/** The page compares every two of this many routes, those of the largest share. */
const maxVariants = 7;
const maxMoments = 100;

/** Two tests of a pair side by side. */
interface CrossComparison extends CrossView {
  readonly title: string;
  readonly href: string;
  readonly table: DiffTable;
}

/** Two routes of the test, hidden until the reader selects them. */
interface VariantDiff extends DiffView {
  readonly table: DiffTable;
}

/** A selectable time, epoch seconds. */
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
  const ends = `${endpointDisplayName(test.source)} to ${endpointDisplayName(test.destination)}`;
  const [first] = analysis.series;
  const variantDiffs = buildVariantDiffs(analysis);
  const body = renderPage('compare', {
    layout: pageLayout(site, {
      root: '../../',
      title: `Comparisons: ${ends}`,
      description:
        'Compares the routes of this test with each other, the reverse direction and the other address family.',
      section: 'test',
    }),
    head,
    testId: test.id,
    crossComparisons: crossComparisons(analysis, others),
    variantDiffs,
    moments: variantDiffs.length > 0 && momentChoices(analysis),
    points: variantDiffs.length > 0 && seriesPoints(analysis),
    from: first?.at ?? 0,
  });
  return { path: `tests/${test.id}/compare.html`, body };
}

/**
 * The reverse direction of the same family, and the other family; with the same tool if possible.
 */
function crossComparisons(own: TestAnalysis, others: readonly TestAnalysis[]): CrossComparison[] {
  const { test } = own;
  const pick = (isReversed: boolean, family: 4 | 6): TestAnalysis | undefined => {
    const candidates = others.filter(
      ({ test: other, latest }) =>
        other.id !== test.id &&
        other.family === family &&
        isReverse(test, other) === isReversed &&
        latest !== null,
    );
    return candidates.find(({ test: other }) => other.tool === test.tool) ?? candidates[0];
  };
  const cross = (other: TestAnalysis | undefined, isReversed: boolean): CrossComparison[] => {
    const view = other === undefined ? null : crossView(own, other, isReversed);
    if (other === undefined || view === null) return [];
    const [left, right] = isReversed
      ? ['Forward', 'Reverse, from its end']
      : [familyLabel(test.family), familyLabel(other.test.family)];
    const title = isReversed ? 'Forward vs. reverse' : `${left} vs. ${right}`;
    const table = diffTable(title, [left, right], view.lines);
    return [{ ...view, title, href: `../${other.test.id}/index.html`, table }];
  };
  const otherFamily = test.family === 4 ? 6 : 4;
  return [...cross(pick(true, test.family), true), ...cross(pick(false, otherFamily), false)];
}

/** Every two of the routes, the earlier one on the left. */
function buildVariantDiffs(analysis: TestAnalysis): VariantDiff[] {
  const variants = analysis.variants
    .filter(({ share }) => share > 0)
    .slice(0, maxVariants)
    .sort((a, b) => a.firstSeen - b.firstSeen);
  return variants.flatMap((older, index) =>
    variants.slice(index + 1).map((newer) => buildVariantDiff(analysis, older, newer)),
  );
}

function buildVariantDiff(
  analysis: TestAnalysis,
  older: RouteVariant,
  newer: RouteVariant,
): VariantDiff {
  const view = diffView(analysis, older, newer);
  const caption = `route ${older.letter} vs. route ${newer.letter}`;
  const titles = [`Route ${older.letter}`, `Route ${newer.letter}`] as const;
  return { ...view, table: diffTable(caption, titles, view.lines) };
}

/** The starts of the route periods as choices, newest first. */
function momentChoices({ periods }: TestAnalysis): Moment[] {
  return periods
    .slice(-maxMoments)
    .reverse()
    .map(({ from, variant }) => ({
      at: from,
      text: `${timeCell(from).text} UTC, route ${variant}`,
    }));
}

/**
 * The series for the script: seconds since the first trace, route, RTT in ms (empty: none);
 * separated by `;`.
 */
function seriesPoints({ series }: TestAnalysis): string {
  const from = series[0]?.at ?? 0;
  return series
    .map(({ at, variant, rttMs }) => {
      const rtt = rttMs === null ? '' : formatHundredths(rttMs);
      return `${Math.round(at - from)},${variant},${rtt}`;
    })
    .join(';');
}
