import type { Interval } from '../../model/trace.ts';
import type { DemoTest } from '../demoMesh.ts';
import type { DemoRun } from '../schedule.ts';
import type { Simulation } from '../simulation.ts';
import type { ArchiveDialect } from './response.ts';
import { metadataKey } from './testMetadata.ts';

/** The simulated network as one archive holds it: what has arrived by now, under that archive's keys. */
export interface DemoArchive {
  readonly dialect: ArchiveDialect;
  readonly simulation: Simulation;
  /** Scheme, host and port under which it is served. */
  readonly origin: string;
  /** The server's clock, epoch seconds. */
  now(): number;
  testOf(key: string): DemoTest | undefined;
  /** Runs that start in the window and whose result is there, oldest first. */
  arrived(test: DemoTest, window: Interval): DemoRun[];
}

/** Puts a simulation behind an archive's keys and clock. */
export function createDemoArchive(
  simulation: Simulation,
  dialect: ArchiveDialect,
  origin: string,
  now: () => number,
): DemoArchive {
  const byKey = new Map(simulation.tests.map((test) => [metadataKey(test, dialect), test]));
  return {
    dialect,
    simulation,
    origin,
    now,
    testOf: (key) => byKey.get(key),
    arrived: (test, { from, to }) => {
      const nowSeconds = now();
      const runs = simulation.runs(test, { from, to: Math.min(to, nowSeconds) });
      return runs.filter((run) => run.arrivedAt <= nowSeconds);
    },
  };
}
