import { pageLayout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { render } from '../templates.ts';

/** `compare.html`: any two tests side by side, which a script puts together from the files of `routeFiles`. */
export function compareTestsPage(site: SiteContext): Page {
  const body = render('compare-tests', {
    layout: pageLayout(site, {
      root: '',
      title: 'Compare two tests',
      description:
        'The routes now in use of any two tests side by side, and their round-trip times.',
      section: 'compare',
    }),
  });
  return { path: 'compare.html', body };
}
