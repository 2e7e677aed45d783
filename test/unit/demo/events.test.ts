import { describe, expect, it } from 'vitest';
import type { DemoTest } from '../../../src/demo/demoMesh.ts';
import type { DemoEvent } from '../../../src/demo/scenario.ts';
import {
  addressesOf,
  between,
  destinationRtt,
  during,
  eventOf,
  median,
  now,
  recorded,
  simulation,
} from '../../helpers/demo/recorded.ts';

const { tests, startsAt } = simulation;
const hour = 3600;

/** The ids of the tests with an observation. */
function showing(observation: (test: DemoTest) => boolean): string[] {
  return tests.filter(observation).map((test) => test.id);
}

/** Only of successful runs. */
function reachedShare(test: DemoTest, results: ReturnType<typeof recorded>): number {
  const ran = results.filter(({ run }) => run.failure === null);
  const reached = ran.filter((result) => destinationRtt(test, result) !== null);
  return reached.length / ran.length;
}

function isNeverReached(test: DemoTest): boolean {
  return test.destination.filtered === true || eventOf('prohibited').tests.includes(test.id);
}

/** Addresses of a test while all links were normal. */
function usualAddresses(test: DemoTest): Set<string> {
  const failure = eventOf('link-failure');
  const flap = eventOf('flap');
  return addressesOf([
    ...between(test, startsAt, failure.from),
    ...between(test, failure.until ?? now, flap.from),
    ...between(test, flap.until ?? now, eventOf('reroute').from),
  ]);
}

function seesNewRouters(event: DemoEvent): (test: DemoTest) => boolean {
  return (test) => !addressesOf(during(test, event)).isSubsetOf(usualAddresses(test));
}

describe('each event shows in the tests that it names and in no other', () => {
  it.each(['link-failure', 'flap', 'reroute'] as const)('%s adds other routers', (kind) => {
    const event = eventOf(kind);
    const expected = showing((test) => {
      const isConfigured = during(test, event).length > 0;
      return event.tests.includes(test.id) && isConfigured;
    });
    expect(showing(seesNewRouters(event))).toEqual(expected);
    expect(expected.length).toBeGreaterThan(3);
  });

  it('link failure changes the AS path: traffic crosses another backbone until it is repaired', () => {
    const event = eventOf('link-failure');
    const crosses = (results: ReturnType<typeof recorded>): boolean => {
      return results.some(({ hops }) => hops.some((hop) => hop.as?.number === 64498));
    };
    for (const test of tests.filter(({ id }) => event.tests.includes(id))) {
      if (during(test, event).length === 0) continue;
      expect(crosses(between(test, startsAt, event.from)), test.id).toBe(false);
      expect(crosses(during(test, event)), test.id).toBe(true);
      expect(crosses(between(test, event.until ?? now, now)), test.id).toBe(false);
    }
  });

  it('reroute remains inside its network and is still active', () => {
    const event = eventOf('reroute');
    expect(event.until).toBeNull();
    for (const test of tests.filter(({ id }) => event.tests.includes(id))) {
      const newAddresses = addressesOf(during(test, event)).difference(usualAddresses(test));
      const hops = during(test, event).flatMap((result) => result.hops);
      const asNumbers = hops
        .filter((hop) => newAddresses.has(hop.address ?? ''))
        .map((hop) => hop.as);
      expect(new Set(asNumbers.flatMap((as) => as?.number ?? []))).toEqual(new Set([64500]));
    }
  });

  it('flap switches several times', () => {
    const event = eventOf('flap');
    for (const test of tests.filter(({ id }) => event.tests.includes(id))) {
      const usual = usualAddresses(test);
      const takesBackup = during(test, event).map((result) => {
        return !addressesOf([result]).isSubsetOf(usual);
      });
      const turns = takesBackup.filter((isBackup, index) => isBackup !== takesBackup[index - 1]);
      expect(turns.length, test.id).toBeGreaterThanOrEqual(5);
    }
  });

  it('congestion adds about 20 ms and is still active', () => {
    const event = eventOf('congestion');
    const medianRtt = (test: DemoTest, from: number, to: number): number => {
      const rtts = between(test, from, to).flatMap((result) => destinationRtt(test, result) ?? []);
      return median(rtts);
    };
    const rise = (test: DemoTest): number => {
      const to = eventOf('reroute').from;
      return medianRtt(test, event.from, to) - medianRtt(test, event.from - 3 * hour, event.from);
    };
    expect(event.until).toBeNull();
    expect(showing((test) => rise(test) > 3).sort()).toEqual([...event.tests].sort());
    expect(showing((test) => rise(test) > 15 && rise(test) < 25)).toHaveLength(event.tests.length);
  });

  it('MTU drop shows only in tracepath', () => {
    const event = eventOf('mtu-drop');
    const pathMtu = (results: ReturnType<typeof recorded>): number => {
      return Math.min(...results.flatMap(({ hops }) => hops.flatMap((hop) => hop.mtu ?? [])));
    };
    const drops = showing((test) => {
      const before = between(test, startsAt, event.from);
      return before.length > 0 && pathMtu(before) > pathMtu(during(test, event));
    });
    expect(drops).toEqual(event.tests);
    for (const test of tests.filter(({ id }) => event.tests.includes(id))) {
      expect(pathMtu(between(test, startsAt, event.from))).toBe(9000);
      expect(pathMtu(during(test, event))).toBe(1500);
    }
  });

  it('a host that is off is unreachable, runs no tests, and recovers', () => {
    const event = eventOf('host-down');
    const isSilent = (test: DemoTest): boolean => during(test, event).length === 0;
    const isDead = (test: DemoTest): boolean => {
      return reachedShare(test, during(test, event)) === 0 && !isNeverReached(test);
    };
    expect(showing((test) => isSilent(test) || isDead(test))).toEqual(
      showing((test) => {
        return event.tests.includes(test.id) || test.id === eventOf('new-test').tests[0];
      }),
    );
    for (const test of tests.filter(({ destination }) => destination.id === event.element)) {
      const answers = during(test, event).flatMap(({ hops }) => hops.at(-1)?.error ?? []);
      expect(new Set(answers)).toEqual(new Set(['host-unreachable']));
      const back = event.until ?? now;
      expect(reachedShare(test, between(test, back, back + 6 * hour)), test.id).toBe(1);
    }
  });

  it('a host without IPv6 is unreachable only over IPv6, and its own runs fail', () => {
    const event = eventOf('family-down');
    expect(event.until).toBeNull();
    const fails = (test: DemoTest): boolean => {
      return during(test, event).every(({ run }) => run.failure?.includes('unreachable'));
    };
    const isLost = (test: DemoTest): boolean => {
      return !isNeverReached(test) && reachedShare(test, during(test, event)) === 0;
    };
    const gone = eventOf('vanished-test').tests[0];
    const shown = showing((test) => test.id !== gone && (fails(test) || isLost(test)));
    expect(shown).toEqual(event.tests);
    expect(shown.every((id) => id.includes('-v6-'))).toBe(true);
    expect(shown.length).toBe(14);
  });

  it('a gap at the source has no results', () => {
    const event = eventOf('source-gap');
    const others = [...eventOf('new-test').tests];
    expect(showing((test) => during(test, event).length === 0)).toEqual(
      showing((test) => event.tests.includes(test.id) || others.includes(test.id)),
    );
  });

  it('late results arrive hours after their run', () => {
    const event = eventOf('late-results');
    const isLate = (test: DemoTest): boolean => {
      return recorded(test).some(({ run }) => run.arrivedAt - run.startedAt > 600);
    };
    const gone = [...eventOf('vanished-test').tests];
    expect(showing(isLate)).toEqual(event.tests.filter((id) => !gone.includes(id)));
    for (const test of tests.filter(isLate)) {
      const waits = during(test, event).map(({ run }) => run.arrivedAt - run.startedAt);
      expect(Math.min(...waits)).toBeGreaterThan(2 * hour);
    }
  });

  it('one test vanishes and another appears', () => {
    const [vanished, created] = [eventOf('vanished-test'), eventOf('new-test')];
    const ends = showing((test) => between(test, now - 6 * hour, now).length === 0);
    const starts = showing((test) => between(test, startsAt, startsAt + 6 * hour).length === 0);
    expect(ends).toEqual(vanished.tests);
    expect(starts).toEqual(created.tests);
  });

  it('only a filtered destination never replies', () => {
    const never = showing((test) => reachedShare(test, recorded(test)) === 0);
    const [filtered, prohibited] = [eventOf('filtered'), eventOf('prohibited')];
    expect(never.sort()).toEqual([...filtered.tests, ...prohibited.tests].sort());
    for (const test of tests.filter(({ id }) => filtered.tests.includes(id))) {
      const lengths = recorded(test).filter(({ run }) => run.failure === null);
      expect(new Set(lengths.map(({ hops }) => hops.length))).toEqual(new Set([30]));
    }
  });

  it('a border router that prohibits sends an ICMP error', () => {
    const says = showing((test) => {
      return recorded(test).some(({ hops }) => {
        return hops.at(-1)?.error === 'communication-administratively-prohibited';
      });
    });
    expect(says).toEqual(eventOf('prohibited').tests);
  });

  it('a destination that limits its ICMP appears at many ttls', () => {
    const event = eventOf('rate-limited-destination');
    const ttls = (test: DemoTest): number => {
      const reached = recorded(test).filter((result) => destinationRtt(test, result) !== null);
      return new Set(reached.map(({ hops }) => hops.length)).size;
    };
    expect(showing((test) => ttls(test) >= 5)).toEqual(event.tests);
  });
});

describe('the mesh at the end of the scenario', () => {
  it('is mostly ok', () => {
    const troubled = new Set(
      simulation.events
        .filter((event) => event.until === null && event.kind !== 'rate-limited-destination')
        .flatMap((event) => event.tests),
    );
    expect(troubled.size / tests.length).toBeLessThan(0.4);
    const calm = tests.filter((test) => !troubled.has(test.id));
    const reached = calm.filter((test) => {
      return reachedShare(test, between(test, now - hour, now + 1)) === 1;
    });
    expect(reached.length / calm.length).toBeGreaterThan(0.9);
  });
});
