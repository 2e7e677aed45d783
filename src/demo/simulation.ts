import type { Family } from '../model/test/test.ts';
import type { Interval } from '../model/trace/trace.ts';
import { daySeconds } from '../model/values/time.ts';
import { type SiteSpec, sites } from './data/hosts.ts';
import { type DemoTest, meshTests } from './demoMesh.ts';
import { addressOf, buildNetwork } from './demoNetwork.ts';
import { createRouting, type DemoRoute } from './routing.ts';
import { type DemoEvent, scenarioEvents } from './scenario.ts';
import { layOutScenario } from './scenarioTimeline.ts';
import { type DemoRun, runsOf, slotSeconds } from './schedule.ts';
import { type TracedHop, traceRun } from './traceRun.ts';

/**
 * The demo network and its two days. All results depend only on the seed, `now` and the arguments.
 */
export interface Simulation {
  readonly tests: readonly DemoTest[];
  readonly sites: readonly SiteSpec[];
  /** The events of the two days: permanent ones first, then oldest first. */
  readonly events: readonly DemoEvent[];
  /** Start of the results, epoch seconds. */
  readonly startsAt: number;
  /** Runs of a test that start in a window, oldest first; none before `startsAt`. */
  runs(test: DemoTest, window: Interval): DemoRun[];
  /** The hops of a run; only for successful runs. */
  trace(test: DemoTest, run: DemoRun): TracedHop[];
  /** Address of a host in a family, by its id. */
  addressOf(host: string, family: Family): string;
}

const historySeconds = 2 * daySeconds;

/** A simulation whose scenario ends at `now` (epoch seconds). Results continue after it. */
export function createSimulation(options: { seed: number; now: number }): Simulation {
  const present = Math.floor(options.now / slotSeconds) * slotSeconds;
  const startsAt = present - historySeconds;
  const seed = Math.trunc(options.seed);
  const network = buildNetwork();
  const routesBetween = createRouting(network);
  const timeline = layOutScenario(present, seed);
  const tests = meshTests();
  const routesAt = (test: DemoTest, time: number): readonly DemoRoute[] => {
    const { source, destination, family } = test;
    return routesBetween(source.id, destination.id, family, timeline.conditionsAt(time));
  };
  return {
    tests,
    sites,
    events: scenarioEvents(timeline, tests, routesBetween, startsAt),
    startsAt,
    runs: (test, { from, to }) => {
      return runsOf(test, { from: Math.max(from, startsAt), to }, timeline, seed);
    },
    trace: (test, run) => traceRun(test, run, routesAt(test, run.startedAt), timeline),
    addressOf: (host, family) => addressOf(network, host, family),
  };
}
