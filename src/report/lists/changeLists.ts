import { hash } from 'node:crypto';
import type { ChangeRecord, MeshChanges } from '../../model/change/changeRecord.ts';
import type { Test } from '../../model/test/test.ts';
import { pairText } from '../../model/test/testText.ts';
import type { Page } from '../page.ts';
import type { PageGroup } from '../publish/pageGroups.ts';
import { atomFeed } from './atomFeed.ts';
import { changesCsv } from './changesCsv.ts';
import { changesNdjson, incidentsJson } from './publicChange.ts';

/** The site as the lists of changes show it. */
export interface ChangeListContext {
  readonly title: string;
  /** URL of the site with a trailing slash; null for relative links. */
  readonly siteUrl: string | null;
  readonly groups: readonly { readonly name: string; readonly testIds: ReadonlySet<string> }[];
}

/**
 * The changes of the mesh as data files and as feeds: one of all changes and one per group of
 * tests.
 */
export function changeLists(changes: MeshChanges, site: ChangeListContext): Page[] {
  const { records } = changes;
  return [
    { path: 'data/changes.ndjson', body: changesNdjson(records) },
    { path: 'data/changes.csv', body: changesCsv(records) },
    { path: 'data/incidents.json', body: incidentsJson(changes) },
    feedPage('feed.xml', site.title, records, site),
    ...site.groups.map(({ name, testIds }) => {
      const groupRecords = records.filter(({ test }) => testIds.has(test.id));
      return feedPage(groupFeedPath(name), `${site.title}: ${name}`, groupRecords, site);
    }),
  ];
}

/** The feeds of the groups, for the page that links to them. */
export function groupFeeds({
  groups,
}: Pick<ChangeListContext, 'groups'>): { name: string; path: string }[] {
  return groups.map(({ name }) => ({ name, path: groupFeedPath(name) }));
}

/** The feed of one test, from its changes, newest first. Most runs leave its file unchanged. */
export function testFeed(
  test: Test,
  records: readonly ChangeRecord[],
  site: ChangeListContext,
): PageGroup {
  const path = `tests/${test.id}/feed.xml`;
  const title = `${site.title}: ${pairText(test)}`;
  return {
    name: path,
    fingerprint: hash('sha1', JSON.stringify([title, site.siteUrl, records]), 'base64'),
    paths: [path],
    make: () => [feedPage(path, title, records, site)],
  };
}

/**
 * Path of the feed of a group. The digest makes it unique, because names may differ only in other
 * characters.
 */
function groupFeedPath(name: string): string {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const digest = hash('sha256', name).slice(0, 8);
  return `feeds/${slug.slice(0, 40)}-${digest}.xml`;
}

function feedPage(
  path: string,
  title: string,
  records: readonly ChangeRecord[],
  { siteUrl: baseUrl }: ChangeListContext,
): Page {
  return { path, body: atomFeed({ title, path, baseUrl }, records) };
}
