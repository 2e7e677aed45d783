import type { TestAnalysis } from '../../model/analysis.ts';
import { familyLabel, hundredths, timeCell } from '../format.ts';
import { html } from '../html.ts';
import { layout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { type DiffView, diffView } from '../route/diffView.ts';
import { render } from '../templates.ts';
import { isReverse } from '../test/relatedTests.ts';
import { endName } from '../test/testFacts.ts';
import type { TestView } from '../test/testView.ts';
import {
  type Cross,
  crossSection,
  type Moment,
  momentChoices,
  pairDetails,
} from './compareMarkup.ts';
import { crossView } from './crossDiff.ts';

/** Routes that are compared with each other, those of the largest share: all pairs of them are on the page. */
const mostVariants = 7;
const mostMoments = 100;

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
    crosses: html`${crosses(analysis, others).map(crossSection)}`,
    pairs: pairs.length > 0 && html`${pairs.map(pairDetails)}`,
    moments: pairs.length > 0 && momentChoices(moments(analysis)),
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
    const family = familyLabel(other.test.family);
    return [
      {
        ...view,
        title: turned ? 'Forward against reverse' : `${familyLabel(test.family)} against ${family}`,
        left: turned ? 'Forward' : familyLabel(test.family),
        right: turned ? 'Reverse, read from its end' : family,
        href: `../${other.test.id}/index.html`,
      },
    ];
  };
  const otherFamily = test.family === 4 ? 6 : 4;
  return [...cross(pick(true, test.family), true), ...cross(pick(false, otherFamily), false)];
}

/** Every two of the routes, the one that came first on the left. */
function variantPairs(analysis: TestAnalysis): DiffView[] {
  const variants = analysis.variants
    .filter(({ share }) => share > 0)
    .slice(0, mostVariants)
    .sort((a, b) => a.firstSeen - b.firstSeen);
  return variants.flatMap((older, index) =>
    variants.slice(index + 1).map((newer) => diffView(analysis, older, newer)),
  );
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
