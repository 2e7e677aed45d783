import { pageLayout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { renderPage } from '../templates.ts';

/**
 * `compare.html`: any two tests side by side. A script builds the comparison from `compareFiles`.
 */
export function compareTestsPage(site: SiteContext): Page {
  const body = renderPage('compare-tests', {
    layout: pageLayout(site, {
      root: '',
      title: 'Compare two tests',
      description: 'Current routes and round-trip times of any two tests, side by side.',
      section: 'compare',
    }),
  });
  return { path: 'compare.html', body };
}
