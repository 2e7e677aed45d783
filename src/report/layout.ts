import { type TimeText, timeText } from '../model/values/format.ts';
import type { SiteContext } from './page.ts';

/** The variable `layout` of a view, for `layout.njk`. */
export interface Layout {
  /** Relative path to the root of the site: '' or '../../'. All links of a page start with it. */
  readonly root: string;
  /** Title of the page, state first: `changed: a to b`. */
  readonly title: string;
  /** One sentence for link previews. */
  readonly description: string;
  /** Current entry of the navigation; `test` for none. */
  readonly section:
    | 'matrix'
    | 'changes'
    | 'topology'
    | 'strips'
    | 'hotspots'
    | 'compare'
    | 'status'
    | 'test';
  readonly siteTitle: string;
  readonly version: string;
  readonly stale: { readonly since: TimeText; readonly message: string } | null;
  /** The moment of the past that the pages show; null for the present. */
  readonly viewOf: TimeText | null;
}

/** The layout part of a page's view. */
export function pageLayout(
  site: SiteContext,
  page: Pick<Layout, 'root' | 'title' | 'description' | 'section'>,
): Layout {
  const { stale, viewOf } = site;
  return {
    ...page,
    siteTitle: site.title,
    version: site.version,
    stale: stale && { since: timeText(stale.since), message: stale.message },
    viewOf: viewOf === undefined ? null : timeText(viewOf),
  };
}
