import { adoptLetters } from '../../analysis/window/adoptLetters.ts';
import type { TestAnalysis } from '../../model/site/analysis.ts';
import type { DrawnPages } from '../../report/pageFacts.ts';
import type { SiteWriter } from '../../report/publish/siteWriter.ts';
import { isRedrawDue } from '../../report/redrawTurn.ts';
import { testGroup } from '../../report/testPages.ts';
import type { SiteInput } from './siteInput.ts';

/** Finds the pages of a test in the previous site; null if they are missing or due for drawing. */
export type DrawnPagesFinder = (testId: string) => DrawnPages | null;

export function createDrawnPagesFinder(
  site: Pick<SiteWriter, 'recordOf'>,
  { context, redrawSeconds }: Pick<SiteInput, 'context' | 'redrawSeconds'>,
): DrawnPagesFinder {
  return (testId) => {
    if (redrawSeconds === 0) return null;
    const drawn = site.recordOf(testGroup(testId)) as DrawnPages | null;
    // Older versions did not record the pictures.
    if (drawn?.pictures === undefined) return null;
    return isRedrawDue(testId, drawn.at, context.window.to, redrawSeconds) ? null : drawn;
  };
}

/** An analysis with the letters of its pages; without the pages if these lack any of its routes. */
export function continuePages(
  found: TestAnalysis,
  drawn: DrawnPages | null,
): { readonly analysis: TestAnalysis; readonly drawn: DrawnPages | null } {
  if (drawn === null) return { analysis: found, drawn };
  const routes = Object.entries(drawn.facts.routes);
  const analysis = adoptLetters(found, new Map(routes.map(([letter, [, at]]) => [letter, at])));
  return analysis === null ? { analysis: found, drawn: null } : { analysis, drawn };
}
