import { type TimeText, timeText } from '../model/format.ts';
import type { SiteContext } from './page.ts';

/** What `layout.njk` needs besides a page's own content, as `layout` in the view. */
export interface Layout {
  /** Relative way up to the site's root: '' or '../../'. Every link of a page starts with it. */
  readonly root: string;
  /** Of the page, state first: `changed: a to b`. */
  readonly title: string;
  /** One sentence for link previews. */
  readonly description: string;
  /** Entry of the navigation that is current; `test` for none. */
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
}

/** The layout part of a page's view. */
export function pageLayout(
  site: SiteContext,
  page: Pick<Layout, 'root' | 'title' | 'description' | 'section'>,
): Layout {
  const { stale } = site;
  return {
    ...page,
    siteTitle: site.title,
    version: site.version,
    stale: stale && { since: timeText(stale.since), message: stale.message },
  };
}
