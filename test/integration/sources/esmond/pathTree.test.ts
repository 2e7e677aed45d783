import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTraces } from '../../../../src/sources/esmond/parseResults.ts';
import { createResultFaults } from '../../../../src/sources/esmond/resultFaults.ts';
import { hop } from '../../../helpers/fakeArchive.ts';

const errors = ['host-unreachable', 'net-unreachable'];
/** Few kinds of probes, so that routes repeat and differ in one property. */
const anyProbe = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.3', null),
    fc.constantFrom(
      {},
      {},
      {},
      { mtu: 1400 },
      { mtu: 1500 },
      ...errors.map((error_message) => ({ error_message })),
    ),
  )
  .map(([ttl, ip, facts]) => ({ ttl, ip, ...facts }));

test('traces share a route object exactly if their routes are equal, regardless of traces between them', () => {
  const destination = { address: '192.0.2.2', name: 'ps-b.example.org' };
  const anyPath = fc.array(anyProbe, { minLength: 1, maxLength: 5 });
  const anyPaths = fc.array(anyPath, { minLength: 100, maxLength: 200 });
  fc.assert(
    fc.property(anyPaths, fc.integer({ min: 1, max: 2 }), (paths, firstTtl) => {
      const answer = paths.map((val, index) => ({ ts: index, val }));
      const context = { destination, firstTtl, lastTtl: 30, interval: { from: 0, to: 1000 } };
      const { traces } = parseTraces(answer, context, createResultFaults());
      const answered = traces.filter(({ route }) => route.hops.length > 0);
      const routes = [...new Set(answered.map(({ route }) => route))];
      expect(new Set(routes.map((route) => JSON.stringify(route))).size).toBe(routes.length);
      // Each alone has the route that it has among the others.
      for (const [index, { route }] of traces.entries()) {
        const alone = parseTraces([answer[index]], context, createResultFaults());
        expect(alone.traces[0]?.route).toEqual(route);
      }
    }),
    { numRuns: 40 },
  );
});

test('an ICMP error is never confused with an MTU, regardless of their number', () => {
  const error = (number: number) => ({
    ...hop(1, '192.0.2.1'),
    error_message: `unknown-error-${number}`,
  });
  const mtu = { ...hop(1, '192.0.2.1'), mtu: 68 };
  const many = Array.from({ length: 69 }, (_, number) => [error(number)]);
  const last = error(68);
  const mixed = [
    [last, { ...mtu, ttl: 2 }],
    [mtu, { ...last, ttl: 2 }],
  ];
  const answer = [...many, ...mixed].map((val, ts) => ({ ts, val }));
  const destination = { address: null, name: 'ps-b.example.org' };
  const context = { destination, firstTtl: 1, lastTtl: 30, interval: { from: 0, to: 99 } };
  const { traces } = parseTraces(answer, context, createResultFaults());
  expect(new Set(traces.map(({ route }) => route)).size).toBe(71);
});

test('a responder at the next ttl is never confused with another branch', () => {
  const [a, b, c] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'] as const;
  const branches = [
    [hop(1, a), hop(1, b), hop(1, c)],
    [hop(1, a), hop(1, b), hop(2, b)],
  ];
  const answer = branches.map((val, ts) => ({ ts, val }));
  const destination = { address: '203.0.113.9', name: 'ps-b.example.org' };
  const context = { destination, firstTtl: 1, lastTtl: 30, interval: { from: 0, to: 9 } };
  const [one, other] = parseTraces(answer, context, createResultFaults()).traces;
  expect(one?.route).not.toBe(other?.route);
});

test('the same responders are another route once a name shows that they are the destination', () => {
  const destination = { address: null, name: 'ps-b.example.org' };
  const named = { ...hop(1, '192.0.2.2'), hostname: destination.name };
  const answer = [[hop(1, '192.0.2.2')], [named], [named]].map((val, ts) => ({ ts, val }));
  const context = { destination, firstTtl: 1, lastTtl: 1, interval: { from: 0, to: 9 } };
  const [first, ...others] = parseTraces(answer, context, createResultFaults()).traces;
  expect(first?.route.reached).toBe(false);
  expect(others.map(({ route }) => route.reached)).toEqual([true, true]);
});
