import type { ChangeRecord } from '../../model/change/changeRecord.ts';
import type { TestAnalysis } from '../../model/site/analysis.ts';
import { endpointDisplayName } from '../../model/test/testText.ts';
import { formatCount, pluralize } from '../../model/values/format.ts';
import { pageLayout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { renderPage } from '../templates.ts';
import type { TestView } from '../test/testView.ts';
import { historyEntries, maxEntries } from './historyEntries.ts';

/**
 * `tests/<id>/history.html`: all route periods, newest first, with the changes detected in each.
 */
export function historyPage(
  view: TestView,
  site: SiteContext,
  changes: readonly ChangeRecord[] = [],
): Page {
  const { analysis, segments, ranks, picturePaths, head } = view;
  const { test } = analysis;
  const ends = `${endpointDisplayName(test.source)} to ${endpointDisplayName(test.destination)}`;
  const summary = historySummary(analysis);
  const jsonHref = `../../data/tests/${test.id}.json`;
  const entries = historyEntries(analysis, ranks, segments, changes, picturePaths);
  const body = renderPage('history', {
    layout: pageLayout(site, {
      root: '../../',
      title: `Route history: ${ends}`,
      description: summary,
      section: 'test',
    }),
    head,
    summary,
    entries,
    entriesLeft: formatCount(Math.max(0, segments.length - maxEntries)),
    isTruncated: segments.length > maxEntries,
    jsonHref,
  });
  return { path: `tests/${test.id}/history.html`, body };
}

/**
 * `21 route changes between 2 routes, 1 period without a reply from the destination; newest first.`
 */
function historySummary({ periods, variants }: TestAnalysis): string {
  if (periods.length === 0) return 'No traces of this test in the window.';
  const changes = periods.filter(
    ({ variant }, index) => index > 0 && periods[index - 1]?.variant !== variant,
  ).length;
  const routes =
    changes === 0
      ? 'One route throughout'
      : `${pluralize(changes, 'route change')} between ${pluralize(variants.length, 'route')}`;
  return `${routes}${outageText(periods)}; newest first.`;
}

function outageText(periods: TestAnalysis['periods']): string {
  const outages = periods.filter(({ reached }) => !reached).length;
  if (outages === 0) return '';
  if (outages === periods.length) return ', the destination never replies';
  return `, ${pluralize(outages, 'period')} without a reply from the destination`;
}
