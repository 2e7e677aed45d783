import { count } from './format.ts';
import { historyEntries, mostEntries } from './historyEntries.ts';
import { layout } from './layout.ts';
import type { Page, SiteContext } from './page.ts';
import { render } from './templates.ts';
import { endName } from './testFacts.ts';
import { type TestView, testHead } from './testView.ts';

/** `tests/<id>/history.html`: every route period of the window, newest first. */
export function historyPage(view: TestView, site: SiteContext): Page {
  const { analysis, spans, ranks } = view;
  const { test } = analysis;
  const ends = `${endName(test.source)} to ${endName(test.destination)}`;
  const changes = Math.max(0, analysis.periods.length - 1);
  const body = render('history', {
    layout: layout(site, {
      root: '../../',
      title: `Route history: ${ends}`,
      description: `${count(changes)} route changes between ${count(analysis.variants.length)} routes.`,
      section: 'test',
    }),
    head: testHead(view),
    changes,
    changesText: count(changes),
    variants: analysis.variants.length,
    entries: historyEntries(analysis, ranks, spans),
    entriesLeft: count(Math.max(0, spans.length - mostEntries)),
    cut: spans.length > mostEntries,
    jsonHref: `../../data/tests/${test.id}.json`,
  });
  return { path: `tests/${test.id}/history.html`, body };
}
