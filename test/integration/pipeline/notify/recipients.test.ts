import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { pages } from '../../cli/command.ts';
import { runAt } from '../../faults/pstraceAt.ts';
import { backAt, changeAt, scene } from './scene.ts';

/** A server that takes whatever is posted; what it got, by path. */
async function openHook() {
  const posts: { path: string; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    posts.push({ path: request.url ?? '', body: JSON.parse(await text(request)) });
    response.end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { posts, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const north = '[[group]]\nname = "north"\ntests = ["ps-1.example.net > *", "ps-2.example.net > *"]';

function recipient(name: string, ...lines: string[]): string {
  return [`[[recipient]]`, `name = "${name}"`, 'digest_from = "off"', ...lines].join('\n');
}

/** What a line of `data/changes.ndjson` has at least. */
const keys = (
  'id testId archive key source destination family at detectedAt class severity verdict incidentId fromAsPath toAsPath removed ' +
  'added rttBeforeMs rttAfterMs rttShiftCi lossBeforePct lossAfterPct closedAt'
).split(' ');

const testsOf = (subject = '') => Number(/(\d+) tests/.exec(subject)?.[1] ?? 1);

test('each recipient gets the selected tests, groups, classes and severities, and none gets a silenced change', async () => {
  const hook = await openHook();
  const { box, at, args } = await scene(
    4,
    {},
    changeAt,
    [
      north,
      recipient('north', 'to = "north@example.org"', 'groups = "north"'),
      recipient('third', 'to = ["a@example.org", "b@example.org"]', 'tests = "ps-3.* > *"'),
      recipient('loss', 'to = "loss@example.org"', 'classes = ["loss", "unreachable"]'),
      recipient('worst', 'to = "worst@example.org"', 'alert_from = "critical"'),
      recipient('slack', `webhook = "${hook.url}/slack"`, 'webhook_format = "slack"'),
      recipient('mm', `webhook = "${hook.url}/mm"`, 'webhook_format = "mattermost"'),
      recipient('program', `webhook = "${hook.url}/json"`),
    ].join('\n'),
  );
  await runAt(changeAt - 60, args);
  const silence = ['--test', 'ps-4.example.net > *', '--for', '3h', '--reason', 'new line card'];
  const silenced = await runAt(changeAt - 60, [
    'silence',
    'add',
    ...silence,
    ...at.options.slice(2),
  ]);
  expect(silenced.code).toBe(0);
  expect((await runAt(changeAt + 3600, args)).code).toBe(0);
  const deliveries = box.received.map(({ to, mail }) => `${to}: ${testsOf(mail.subject)}`);
  expect(deliveries.sort()).toEqual([
    'a@example.org: 1',
    'b@example.org: 1',
    'noc@example.org: 3',
    'north@example.org: 2',
  ]);
  expect(hook.posts.map(({ path }) => path).sort()).toEqual(['/json', '/mm', '/slack']);
  const posted = hook.posts.find(({ path }) => path === '/json')?.body;
  expect(posted).toMatchObject({
    kind: 'alert',
    severity: 'major',
    incidents: [{ kind: 'alert' }],
  });

  const site = pages(at.out);
  const feed = [...site.keys()].filter((path) => /^feeds\/north-.*\.xml$/.test(path)).at(0) ?? '';
  expect(site.get(feed)?.match(/<entry>/g)).toHaveLength(2);
  expect(site.get('feed.xml')?.match(/<entry>/g)).toHaveLength(4);
  const rows = site.get('data/changes.ndjson')?.trim().split('\n') ?? [];
  for (const row of rows)
    expect(Object.keys(JSON.parse(row))).toEqual(expect.arrayContaining(keys));
  expect(site.get('changes.html')).toContain('new line card');
  expect(site.get('data/changes.ndjson')?.match(/"silenced":"new line card"/g)).toHaveLength(1);
  expectLinks(
    box.received.map(({ mail }) => mail.text ?? ''),
    site,
  );

  // It outlasts its silence.
  expect((await runAt(changeAt + 3 * 3600 + 600, args)).code).toBe(0);
  const later = box.received.filter(({ to }) => to.includes('noc@example.org'));
  expect(later.map(({ mail }) => testsOf(mail.subject))).toEqual([3]);
  expect((await runAt(backAt + 3600, args)).code).toBe(0);
  const last = box.received.filter(({ to }) => to.includes('noc@example.org')).at(-1);
  expect(last?.mail.subject).toMatch(/^Re: .* 3 tests \(recovered after .*\)$/);
});

/** Every link of some texts leads to a file of the site, and to a place on it. */
function expectLinks(texts: readonly string[], site: ReadonlyMap<string, string>): void {
  const links = texts.flatMap((each) => each.match(/https:\/\/ps\.example\.org\/\S+/g) ?? []);
  const kinds = new Set<string>();
  for (const link of links) {
    const { pathname, hash } = new URL(link);
    const page = site.get(decodeURIComponent(pathname.slice(1)));
    expect(page, link).toBeDefined();
    expect(page, link).toContain(decodeURIComponent(hash.slice(1)));
    kinds.add(pathname.replace(/^.*[./]/, ''));
  }
  expect(kinds).toEqual(new Set(['html', 'svg']));
}

test('a policy on a route causes a notification when it is violated and when it is met again', async () => {
  const { box, at, args } = await scene(
    4,
    {},
    changeAt,
    `${north}
[[policy]]
must_traverse = "AS64501"
[[policy]]
groups = "north"
must_traverse = []
must_avoid = "198.51.100.140/30"
[[policy]]
tests = "ps-3.example.net > *"
must_traverse = []
expect_as_path = "64500 64501 *"
[[policy]]
tests = "ps-4.example.net > *"
must_traverse = []
expect_as_path = ["* 64501 *", "64500 ? 64509"]
backup_as_path = "64500 64502 64503"
[[policy]]
tests = "ps-2.example.net > *"
must_avoid = []
must_traverse = "AS64501"
${recipient('policy', 'to = "policy@example.org"', 'classes = ["policy"]', 'alert_from = "minor"')}`,
  );
  await runAt(changeAt - 60, args);
  for (const minutes of [20, 60]) await runAt(changeAt + minutes * 60, args);
  const texts = () =>
    box.received
      .filter(({ to }) => to.includes('policy@example.org'))
      .map(({ mail }) => mail.text?.replaceAll(/\s+/g, ' ') ?? '');
  const joined = texts().join(' ');
  expect(joined).toMatch(/must_avoid: expected not 198\.51\.100\.140\/30, found 198\.51\.100\.140/);
  expect(joined).toMatch(
    /\(expect_as_path\): expected 64500 64501 \*, found AS64500 AS64502 AS64503/,
  );
  const lines = readFileSync(join(at.out, 'data/changes.ndjson'), 'utf8').trim().split('\n');
  const broken = lines
    .map((line) => JSON.parse(line))
    .filter((change) => change.class === 'policy');
  expect(broken.map(({ source, severity }) => `${source.slice(0, 4)} ${severity}`).sort()).toEqual([
    'ps-1 major',
    'ps-2 major',
    'ps-3 moderate',
    'ps-4 minor',
  ]);
  await runAt(backAt + 3600, args);
  expect(texts().filter((each) => /^Recovered after 4 h/.test(each)).length).toBeGreaterThan(0);
});
