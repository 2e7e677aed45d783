import type { Interval } from '../../model/trace/trace.ts';
import type { DemoTest } from '../demoMesh.ts';
import type { DemoRun } from '../schedule.ts';
import type { Simulation } from '../simulation.ts';
import type { ArchiveDialect } from './response.ts';
import { metadataKey } from './testMetadata.ts';

/** The results of the simulated network that have arrived in one archive, under its keys. */
export interface DemoArchive {
  readonly dialect: ArchiveDialect;
  readonly simulation: Simulation;
  /** Scheme, host and port of the server. */
  readonly origin: string;
  /** The server's clock, epoch seconds. */
  now(): number;
  testOf(key: string): DemoTest | undefined;
  /** Runs that start in the window and have arrived, oldest first. */
  arrived(test: DemoTest, window: Interval): DemoRun[];
}

/** An archive of a simulation. */
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
