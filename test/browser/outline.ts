import type { Page as Tab } from 'playwright-core';

/** The parts of a page after its scripts have run. */
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

/** Runs in the page. */
const gather = `(() => {
  const absolute = (name) => (e) => [new URL(e.getAttribute(name), document.baseURI).href, e.getAttribute('rel') ?? ''];
  return {
    title: document.title,
    headings: document.querySelectorAll('h1').length,
    links: [
      ...[...document.querySelectorAll('[href]')].map(absolute('href')),
      ...[...document.querySelectorAll('[src]')].map(absolute('src')),
    ],
    ids: [...document.querySelectorAll('[id]')].map((e) => e.id),
  };
})()`;

/** Reads the outline of an open page. */
export async function outline(tab: Tab): Promise<Outline> {
  const { title, headings, links, ids } = await tab.evaluate<{
    title: string;
    headings: number;
    links: [string, string][];
    ids: string[];
  }>(gather);
  return {
    title,
    headings,
    targets: [...new Set(links.map(([target]) => target))],
    outward: new Map(links),
    ids: new Set(ids),
  };
}
