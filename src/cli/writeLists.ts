import { hash } from 'node:crypto';
import type { ChangeRecord, MeshChanges } from '../model/changeRecord.ts';
import type { Test } from '../model/test.ts';
import { atomFeed } from '../notify/atom.ts';
import { pairText } from '../notify/cause.ts';
import { changesNdjson, incidentsJson } from '../notify/changeRecord.ts';
import { changesCsv } from '../notify/changesCsv.ts';
import type { Page } from '../report/page.ts';
import type { PageGroup } from '../report/publish/groups.ts';

/** What lists of changes say of the site that they belong to. */
export interface ListedSite {
  readonly title: string;
  /** Of the site, with a slash at the end; null: links are relative. */
  readonly siteUrl: string | null;
  readonly groups: readonly { readonly name: string; readonly testIds: ReadonlySet<string> }[];
}

/** The changes of the whole mesh as data, and as feeds: one of all and one for each group of tests. */
export function changeLists(changes: MeshChanges, site: ListedSite): Page[] {
  const { records, incidents, acknowledgements } = changes;
  return [
    { path: 'data/changes.ndjson', body: changesNdjson(records) },
    { path: 'data/changes.csv', body: changesCsv(records) },
    { path: 'data/incidents.json', body: incidentsJson(incidents, acknowledgements) },
    feed('feed.xml', site.title, records, site),
    ...site.groups.map(({ name, testIds }) => {
      const own = records.filter(({ test }) => testIds.has(test.id));
      return feed(groupFeed(name), `${site.title}: ${name}`, own, site);
    }),
  ];
}

/** The feeds of the groups, for the page that links to them. */
export function groupFeeds({
  groups,
}: Pick<ListedSite, 'groups'>): { name: string; path: string }[] {
  return groups.map(({ name }) => ({ name, path: groupFeed(name) }));
}

/** The feed of one test, from its changes, newest first: a file of its own, which most runs leave as it is. */
export function testFeed(
  test: Test,
  records: readonly ChangeRecord[],
  site: ListedSite,
): PageGroup {
  const path = `tests/${test.id}/feed.xml`;
  const title = `${site.title}: ${pairText(test)}`;
  return {
    name: path,
    fingerprint: hash('sha1', JSON.stringify([title, site.siteUrl, records]), 'base64'),
    paths: [path],
    make: () => [feed(path, title, records, site)],
  };
}

/** Where the feed of a group is. The name may hold anything, so its letters alone would not tell one from another. */
function groupFeed(name: string): string {
  const letters = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const digest = hash('sha256', name).slice(0, 8);
  return `feeds/${letters.slice(0, 40)}-${digest}.xml`;
}

function feed(
  path: string,
  title: string,
  records: readonly ChangeRecord[],
  { siteUrl: baseUrl }: ListedSite,
): Page {
  return { path, body: atomFeed({ title, path, baseUrl }, records) };
}
