import { expect, test } from 'vitest';
import type { ChangeRecord } from '../../../../src/model/change/changeRecord.ts';
import type { Test } from '../../../../src/model/test/test.ts';
import { changesPage } from '../../../../src/report/changes/changesPage.ts';
import { changeLists, groupFeeds } from '../../../../src/report/lists/changeLists.ts';
import { site } from '../../../helpers/mesh.ts';
import { changeOf, ten, testOf } from '../../../helpers/notify/samples.ts';

const [ab, cd] = [testOf('a', 'b'), testOf('c', 'd')];

function recordOf(own: Test): ChangeRecord {
  const rest = { incidentId: null, closedAt: null, accepted: false };
  return { change: changeOf(own, ten), test: own, ...rest, acceptance: null, silence: null };
}

const changes = { records: [recordOf(ab), recordOf(cd)], incidents: [], acknowledgements: [] };
const groups = [
  { name: '../<b> core', testIds: new Set([ab.id]) },
  { name: '../<i> core', testIds: new Set([cd.id]) },
];

test('each group has a feed of its tests at a safe path, whatever its name', () => {
  const pages = changeLists(changes, { title: 'Mesh', siteUrl: null, groups });
  const feeds = groupFeeds({ groups }).map(({ path }) => pages.find((page) => page.path === path));
  const [core, other] = feeds.map((page) => String(page?.body));
  expect(core).toContain('a.example.net → b.example.net');
  expect(core).not.toContain('c.example.net');
  expect(other).toContain('c.example.net → d.example.net');
  const paths = groupFeeds({ groups }).map(({ path }) => path);
  expect(new Set(paths).size).toBe(2);
  expect(paths.filter((path) => !/^feeds\/[a-z\d-]+\.xml$/.test(path))).toEqual([]);
});

test('the changes page links to the feeds of groups', () => {
  const feeds = groupFeeds({ groups });
  const body = String(changesPage(changes, { ...site, feeds }, () => true).body);
  expect(body).toContain(
    `<a href="${feeds[0]?.path}">Atom feed of <bdi>../&lt;b&gt; core</bdi></a>`,
  );
  expect(String(changesPage(changes, site, () => true).body)).not.toContain('feeds/');
});
