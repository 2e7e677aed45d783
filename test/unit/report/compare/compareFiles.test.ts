import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { compareFiles } from '../../../../src/report/compare/compareFiles.ts';
import { cell, end, mesh } from '../../../helpers/mesh.ts';

const [a, b, c] = [{ ...end('a', 1), displayName: 'Site "A"' }, end('b', 2), end('c', 3)];
const found = mesh([a, b, c], [cell(a, b), cell(b, c), cell(a, c)]);
const route = [
  { ttl: 1, addresses: ['198.51.100.1'], asn: 64500 },
  { ttl: 2, addresses: [], asn: null },
];
const [first, second, third] = found.tests;
const node = { address: '198.51.100.1', hostname: 'r1.example.net' };
const of = {
  ...found,
  tests: [first, second].flatMap((one) => (one === undefined ? [] : { ...one, route })),
  topology: { nodes: [node], edges: [] },
} as unknown as typeof found;
const quiet = { timeline: '', routeChanges: 0, contributors: [] };

/** What a page finds after it has loaded these scripts. */
function loaded(): {
  pstraceTests: { hosts: string[]; tests: [string, number, number, number, string][] };
  pstraceRoutes: Record<
    number,
    { addresses: unknown[]; tests: Record<string, { hops: unknown; rttsMs: number[] }> }
  >;
} {
  const window = {};
  const rttsMs = [12.345678, 20];
  const courses = of.tests.map(({ test }) => ({ testId: test.id, ...quiet, rttsMs }));
  for (const { body } of compareFiles(of, courses)) runInNewContext(String(body), { window });
  return window as ReturnType<typeof loaded>;
}

it('the scripts list every test with a route, by display name', () => {
  const { hosts, tests } = loaded().pstraceTests;
  expect(tests.map(([id]) => id)).toEqual([first?.test.id, second?.test.id]);
  expect(tests.map(([, from, to]) => [hosts[from], hosts[to]])).toEqual([
    ['Site "A"', 'b'],
    ['b', 'c'],
  ]);
  expect(tests.map(([id]) => id)).not.toContain(third?.test.id);
});

it('the file of a source has its tests with hop names and newest times', () => {
  const { pstraceTests, pstraceRoutes } = loaded();
  for (const [id, source] of pstraceTests.tests) {
    const file = pstraceRoutes[source];
    expect(file?.addresses).toEqual([['198.51.100.1', 'r1.example.net']]);
    expect(file?.tests[id]).toMatchObject({
      hops: [
        [1, 64500, [0]],
        [2, null, []],
      ],
      asPath: [64500, 64501],
      rttsMs: [12.35, 20],
    });
  }
});
