import fc from 'fast-check';
import type { PatternHop } from '../../../src/model/site/analysis.ts';
import type { NamedAnswer, Route, RouteHop, Trace } from '../../../src/model/trace/trace.ts';

const address = fc
  .tuple(fc.constantFrom('192.0.2.', '198.51.100.', '2001:db8::'), fc.integer({ min: 1, max: 255 }))
  .map(([prefix, last]) => `${prefix}${prefix.includes(':') ? last.toString(16) : last}`);

const hop = fc.record({
  addresses: fc.uniqueArray(address, { maxLength: 3 }),
  mtu: fc.option(fc.integer({ min: 0, max: 65_535 })),
  error: fc.option(fc.constantFrom('host-unreachable', 'net-prohibited', 'zurückgewiesen 🚫')),
});

/** Any route the model allows. */
export const anyRoute: fc.Arbitrary<Route> = fc
  .record({
    firstTtl: fc.integer({ min: 1, max: 40 }),
    hops: fc.array(hop, { maxLength: 20 }),
    reached: fc.boolean(),
    pathMtu: fc.option(fc.integer({ min: 68, max: 9000 })),
  })
  .map(({ firstTtl, hops, ...rest }) => ({
    ...rest,
    hops: hops.map((each, index): RouteHop => ({ ttl: firstTtl + index, ...each })),
  }));

/** Any route of a period that the model allows. */
export const anyPattern: fc.Arbitrary<PatternHop[]> = fc
  .tuple(
    fc.integer({ min: 1, max: 40 }),
    fc.array(
      fc.record({
        addresses: fc.uniqueArray(address, { maxLength: 3 }),
        asn: fc.option(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
      }),
      { maxLength: 20 },
    ),
  )
  .map(([firstTtl, hops]) => hops.map((each, index) => ({ ttl: firstTtl + index, ...each })));

const micro = fc.integer({ min: 0, max: 2 ** 40 }).map((us) => us / 1000);

const anyTime = fc.option(micro);

const anyNamed: fc.Arbitrary<NamedAnswer> = fc.record({
  ttl: fc.integer({ min: 1, max: 255 }),
  name: fc.constantFrom('r1.example.net', '<b>ÄÖ 🚫', '_gateway'),
  received: fc.option(fc.integer({ min: 0, max: 100_000 })),
  rttMs: anyTime,
  avgMs: anyTime,
  worstMs: anyTime,
  stdevMs: anyTime,
  jitterMs: anyTime,
});

/** Any trace the model allows, within the hours around `base` (epoch seconds). */
export function anyTrace(base: number): fc.Arbitrary<Trace> {
  return fc
    .tuple(fc.integer({ min: 0, max: 90_000 }), anyRoute, fc.boolean())
    .chain(([second, route, probed]) => {
      const times = route.hops.reduce((sum, each) => sum + each.addresses.length, 0);
      const counts = (length: number) =>
        fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: length, maxLength: length });
      const rttMs = fc.array(anyTime, { minLength: times, maxLength: times });
      const spread = fc.record({ avgMs: rttMs, worstMs: rttMs, stdevMs: rttMs, jitterMs: rttMs });
      const probes = fc.record(
        { sent: counts(route.hops.length), received: counts(times), spread },
        { requiredKeys: ['sent', 'received'] },
      );
      return fc.record(
        {
          startedAt: fc.constant(base + second),
          route: fc.constant(route),
          rttMs,
          probes: probed ? probes : fc.constant(null),
          named: fc.array(anyNamed, { maxLength: 3 }),
        },
        { requiredKeys: ['startedAt', 'route', 'rttMs', 'probes'] },
      );
    });
}
