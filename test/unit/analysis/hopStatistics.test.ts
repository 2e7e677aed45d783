import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeHopStatistics } from '../../../src/analysis/window/hopStatistics.ts';
import type { Route, Trace } from '../../../src/model/trace/trace.ts';
import { describeDistribution, sortAscending } from '../../../src/model/values/statistics.ts';

/** A route of the given addresses per ttl, from ttl 1 on. */
function route(...hops: string[][]): Route {
  return {
    hops: hops.map((addresses, i) => ({ ttl: i + 1, addresses, mtu: null, error: null })),
    reached: true,
    pathMtu: null,
  };
}

function traces(...runs: [Route, (number | null)[]][]): Trace[] {
  return runs.map(([own, rttMs], i) => ({
    startedAt: 600 * i,
    route: own,
    rttMs,
    probes: null,
  }));
}

const direct = route(['192.0.2.1']);
const line = (...values: (number | null)[]): Trace[] =>
  traces(...values.map((value): [Route, (number | null)[]] => [direct, [value]]));

describe('hop statistics', () => {
  test('only samples of the same responder at the same ttl count together', () => {
    const found = computeHopStatistics(
      traces(
        [route(['192.0.2.1'], ['192.0.2.2']), [1, 2]],
        [route(['192.0.2.1'], [], ['192.0.2.2']), [3, 30]],
        [route(['192.0.2.9'], ['192.0.2.2']), [5, 4]],
      ),
    );
    expect(found.map(({ ttl, address, samples }) => [ttl, address, samples])).toEqual([
      [1, '192.0.2.9', 1],
      [1, '192.0.2.1', 2],
      [2, '192.0.2.2', 2],
      [3, '192.0.2.2', 1],
    ]);
    expect(found[2]).toMatchObject({ lastMs: 4, minMs: 2, medianMs: 3, maxMs: 4 });
  });

  test('a time of 0 is a sample, a missing time is none', () => {
    expect(computeHopStatistics(line(0, 0, null, 0, 0, 0))[0]).toMatchObject({
      samples: 5,
      lastMs: 0,
      medianMs: 0,
      thresholdMs: 0,
      status: 'ok',
    });
  });

  test('a responder without any time is listed without figures', () => {
    expect(computeHopStatistics(line(null, null))[0]).toEqual({
      ttl: 1,
      address: '192.0.2.1',
      samples: 0,
      lastMs: null,
      minMs: null,
      q1Ms: null,
      medianMs: null,
      q3Ms: null,
      maxMs: null,
      stdevMs: null,
      thresholdMs: null,
      status: 'unknown',
    });
  });

  test('warn means the last sample is above the upper quartile + 1.5 interquartile ranges', () => {
    expect(computeHopStatistics(line(10, 11, 12, 13, 14, 30))[0]).toMatchObject({
      q1Ms: 11,
      q3Ms: 14,
      thresholdMs: 18.5,
      status: 'warn',
    });
    expect(computeHopStatistics(line(10, 11, 30, 13, 14, 12))[0]?.status).toBe('ok');
  });

  test('a sample that equals the threshold is ok', () => {
    expect(computeHopStatistics(line(10, 10, 10, 10, 10))[0]).toMatchObject({
      thresholdMs: 10,
      status: 'ok',
    });
  });

  test('fewer than five samples give no status', () => {
    expect(computeHopStatistics(line(10, 10, 10, 90))[0]?.status).toBe('unknown');
    expect(computeHopStatistics(line(10, 10, 10, 10, 10))[0]?.status).toBe('ok');
    expect(computeHopStatistics(line(10, 10, 10, 10, 10, 90))[0]?.status).toBe('warn');
  });

  test('at one ttl the answers of the latest trace come first, then the most frequent', () => {
    const [a, b, c] = [['192.0.2.1'], ['192.0.2.2'], ['192.0.2.3']];
    const found = computeHopStatistics(
      traces([route(a), [1]], [route(b), [1]], [route(b), [1]], [route(c), [1]]),
    );
    expect(found.map(({ address }) => address)).toEqual([...c, ...b, ...a]);
  });

  test('no trace, no hop', () => {
    expect(computeHopStatistics([])).toEqual([]);
    expect(computeHopStatistics(traces([route(), []]))).toEqual([]);
  });

  test('equal an independent calculation, hop by hop', () => {
    const times = fc.option(fc.double({ min: 0, max: 300, noNaN: true }), { freq: 5 });
    const pools = [['192.0.2.1'], ['192.0.2.2', '192.0.2.3'], ['192.0.2.2', '192.0.2.4']];
    const run = fc
      .tuple(...pools.map((pool) => fc.subarray(pool)))
      .chain((hops) =>
        fc.tuple(
          fc.constant(route(...hops)),
          fc.array(times, { minLength: hops.flat().length, maxLength: hops.flat().length }),
        ),
      );
    fc.assert(
      fc.property(fc.array(run, { maxLength: 30 }), (runs) => {
        const all = traces(...runs);
        const samples = new Map<string, number[]>();
        for (const { route: own, rttMs } of all) {
          const seen = own.hops.flatMap(({ ttl, addresses }) =>
            addresses.map((address) => `${ttl} ${address}`),
          );
          seen.forEach((key, i) => {
            const known = samples.get(key) ?? [];
            const rtt = rttMs[i] ?? null;
            samples.set(key, rtt === null ? known : [...known, rtt]);
          });
        }
        const found = computeHopStatistics(all);
        expect(found.map(({ ttl, address }) => `${ttl} ${address}`).sort()).toEqual(
          [...samples.keys()].sort(),
        );
        for (const hop of found) {
          const own = samples.get(`${hop.ttl} ${hop.address}`) ?? [];
          const expected = describeDistribution(sortAscending(own));
          expect(hop.samples).toBe(own.length);
          expect(hop.lastMs).toBe(own.at(-1) ?? null);
          expect(hop.q1Ms).toBe(expected?.q1 ?? null);
          expect(hop.thresholdMs).toBe(
            expected === null ? null : expected.q3 + 1.5 * (expected.q3 - expected.q1),
          );
        }
      }),
    );
  });
});
