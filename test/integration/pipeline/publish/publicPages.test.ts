import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FakeTest, hop, metadata } from '../../../helpers/fakeArchive.ts';
import { pages, place, pstrace } from '../../cli/command.ts';
import { keyOf, now, serve } from '../mesh.ts';

const hiddenSource = '2001:db8:77::5';

/** One hop with its host name. */
const named = (ttl: number, ip: string, hostname: string) => ({ ...hop(ttl, ip), hostname });

/** Two tests that pass the same routers in opposite directions, and one from a host that is hidden itself. */
function tests(): FakeTest[] {
  const times = [3600, 3000, 2400, 1800, 1200, 600, 60].map((ago) => now - ago);
  const there = (late: boolean) => [
    named(1, '10.20.30.1', 'gw-secret.site.example'),
    named(2, '198.51.100.65', late ? 'border2.site.example' : 'ae0-7.border1.site.example'),
    named(3, late ? '198.51.100.130' : '198.51.100.129', 'core.transit.example'),
    named(4, '203.0.113.9', 'ps-b.example.org'),
  ];
  const back = [
    named(1, '203.0.113.1', 'gw.other.example'),
    hop(2, '203.0.113.2'),
    named(3, '198.51.100.129', 'core.transit.example'),
    named(4, '198.51.100.65', 'ae0-7.border1.site.example'),
    named(5, '192.0.2.1', 'ps-a.example.net'),
  ];
  const hidden = [
    hop(1, 'fd00:77::1'),
    named(2, '2001:db8:77::1', 'lab-router.hidden.example'),
    hop(3, '2001:db8:99::9'),
  ];
  const failure = `connection to 10.20.30.1 refused; [${hiddenSource}] and gw-secret.site.example gave up`;
  return [
    {
      metadata: metadata({ 'metadata-key': keyOf(1) }),
      results: {
        'packet-trace': times.map((ts, index) => ({ ts, val: there(index > 3) })),
        failures: [{ ts: now - 90, val: { error: failure } }],
      },
    },
    {
      metadata: metadata({
        'metadata-key': keyOf(2),
        source: '203.0.113.9',
        destination: '192.0.2.1',
        'input-source': 'ps-b.example.org',
        'input-destination': 'ps-a.example.net',
      }),
      results: { 'packet-trace': times.map((ts) => ({ ts, val: back })) },
    },
    {
      metadata: metadata({
        'metadata-key': keyOf(3),
        source: hiddenSource,
        destination: '2001:db8:99::9',
        'input-source': 'secret-host.hidden.example',
        'pscheduler-reference-display-name': 'from secret-host.hidden.example',
      }),
      results: { 'packet-trace': times.map((ts) => ({ ts, val: hidden })) },
    },
  ];
}

/** Whatever of the hidden addresses and names could stand somewhere, addresses also as in ids. */
const secrets = [
  '10.20.30.1',
  '198.51.100.65',
  '2001:db8:77:',
  '2001-db8-77-',
  'fd00:77:',
  'site.example',
  'hidden.example',
];

const settings = `
[http]
retries = 0
[publish]
mask_hops = 2
mask_private = true
mask = ["2001:db8:77::/48"]
`;

/** Everything that a run writes for readers, with the paths of the files. */
const published = (out: string) =>
  [...pages(out)].map(([path, text]) => `${path}\n${text}`).join('\n');

test('published files contain no hidden address, no name of one, and no id made of one', async () => {
  const { base } = await serve(tests());
  const { out, state, options } = place(settings);
  const { code, stderr } = await pstrace(base, '2h', ...options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const text = published(out);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  const open = ['core.transit.example', '198.51.100.129', 'ps-a.example.net', '192.0.2.1'];
  expect(open.filter((shown) => !text.includes(shown))).toEqual([]);
  expect(text).not.toContain('metadata-key=');
  // The two routers and the archive on loopback.
  expect(new Set(text.match(/private-[a-z2-7]{8}/g)).size).toBe(3);
  expect(statSync(join(state, 'mask.key')).mode & 0o777).toBe(0o600);
});

test('a hidden router keeps its pseudonym from run to run, whatever the direction, and routes still differ', async () => {
  const { base } = await serve(tests());
  const { out, options } = place(settings);
  await pstrace(base, '2h', ...options);
  const before = published(out);
  await pstrace('render', ...options);
  const named = (text: string) => [...new Set(text.match(/(private|masked)-[a-z2-7]{8}/g))].sort();
  expect(named(published(out))).toEqual(named(before));

  const folders = readdirSync(join(out, 'data/tests'));
  const routeOf = (start: string) => {
    const name = folders.find((each) => each.startsWith(start)) ?? '';
    const data = JSON.parse(readFileSync(join(out, 'data/tests', name), 'utf8'));
    return JSON.stringify({ ...data, test: null }).match(/masked-[a-z2-7]{8}/g) ?? [];
  };
  const [border] = routeOf('192.0.2.1_');
  expect(routeOf('203.0.113.9_')).toContain(border);
  const history = [...pages(out)].find(([path]) => /192\.0\.2\.1_.*history/.test(path))?.[1];
  expect(history?.match(/class="period"/g)).toHaveLength(2);
});

test('without a section [publish] nothing is masked and no key is made', async () => {
  const { base } = await serve(tests());
  const { out, state, options } = place();
  await pstrace(base, '2h', ...options);
  const text = published(out);
  const open = ['10.20.30.1', '198.51.100.65', 'gw-secret.site.example'];
  expect(open.filter((shown) => !text.includes(shown))).toEqual([]);
  expect(readdirSync(state)).not.toContain('mask.key');
});
