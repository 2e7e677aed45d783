import type { Family } from '../model/test.ts';
import type { Interval } from '../model/trace.ts';
import { type SiteSpec, sites } from './data/hosts.ts';
import { type DemoTest, meshTests } from './mesh.ts';
import { addressOf, buildNetwork } from './network.ts';
import { type TracedHop, traceRun } from './probe.ts';
import { createRouting, type Path } from './routing.ts';
import { type Run, runsOf, slotSeconds } from './schedule.ts';
import { type DemoEvent, tellStory } from './story.ts';
import { layOut } from './timeline.ts';

/** The demo network and its two days: every answer follows from the seed, `now` and the question alone. */
export interface Simulation {
  readonly tests: readonly DemoTest[];
  readonly sites: readonly SiteSpec[];
  /** What happens in the two days, standing peculiarities first, then oldest first. */
  readonly events: readonly DemoEvent[];
  /** Start of the recorded time, epoch seconds. */
  readonly begin: number;
  /** Runs of a test that start in a window, oldest first; none before `begin`. */
  runs(test: DemoTest, window: Interval): Run[];
  /** What a run saw, hop by hop; only for runs that did not fail. */
  trace(test: DemoTest, run: Run): TracedHop[];
  /** Address of a host by its id, as the tests of that family use it. */
  addressOf(host: string, family: Family): string;
}

const historySeconds = 2 * 86_400;

/** Sets the simulation up so that its story ends at `now` (epoch seconds). Time may go on beyond it. */
export function createSimulation(options: { seed: number; now: number }): Simulation {
  const present = Math.floor(options.now / slotSeconds) * slotSeconds;
  const begin = present - historySeconds;
  const seed = Math.trunc(options.seed);
  const network = buildNetwork();
  const paths = createRouting(network);
  const timeline = layOut(present, seed);
  const tests = meshTests();
  const pathsAt = (test: DemoTest, time: number): readonly Path[] => {
    const { source, destination, family } = test;
    return paths(source.id, destination.id, family, timeline.conditionsAt(time));
  };
  return {
    tests,
    sites,
    events: tellStory(timeline, tests, paths, begin),
    begin,
    runs: (test, { from, to }) => {
      return runsOf(test, { from: Math.max(from, begin), to }, timeline, seed);
    },
    trace: (test, run) => traceRun(test, run, pathsAt(test, run.startedAt), timeline),
    addressOf: (host, family) => addressOf(network, host, family),
  };
}
