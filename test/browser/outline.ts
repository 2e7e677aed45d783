import type { Page as Tab } from 'playwright-core';

/** The parts of a page that tests look at. */
export interface Outline {
  readonly title: string;
  /** Number of main headings. */
  readonly headings: number;
  /** Absolute URLs of every link, image, style sheet and script. */
  readonly targets: readonly string[];
  /** `rel` of links by URL. */
  readonly outward: ReadonlyMap<string, string>;
  readonly ids: ReadonlySet<string>;
}

/** What `gather` returns. */
interface Collected {
  readonly title: string;
  readonly headings: number;
  readonly links: [target: string, rel: string][];
  readonly ids: string[];
}

/** Runs in the browser, on a document and its URL. */
const gather = `(page, url) => {
  const absolute = (name) => (e) => [new URL(e.getAttribute(name), url).href, e.getAttribute('rel') ?? ''];
  return {
    title: page.title,
    headings: page.querySelectorAll('h1').length,
    links: [
      ...[...page.querySelectorAll('[href]')].map(absolute('href')),
      ...[...page.querySelectorAll('[src]')].map(absolute('src')),
    ],
    ids: [...page.querySelectorAll('[id]')].map((e) => e.id),
  };
}`;

/** Reads the outline of an open page, after its scripts have run. */
export async function outline(tab: Tab): Promise<Outline> {
  return outlineFrom(await tab.evaluate<Collected>(`(${gather})(document, document.baseURI)`));
}

/** Reads the outline of a page from its HTML, in any open tab: no script runs. */
export async function parsedOutline(tab: Tab, html: string, url: string): Promise<Outline> {
  const page = `new DOMParser().parseFromString(${JSON.stringify(html)}, 'text/html')`;
  return outlineFrom(await tab.evaluate<Collected>(`(${gather})(${page}, ${JSON.stringify(url)})`));
}

function outlineFrom({ title, headings, links, ids }: Collected): Outline {
  return {
    title,
    headings,
    targets: [...new Set(links.map(([target]) => target))],
    outward: new Map(links),
    ids: new Set(ids),
  };
}
