import { raceWithAbort } from '../../lib/interrupt.ts';
import type { MeshPlan } from '../../model/meshPlan.ts';
import { connectionsOf } from '../archiveSource.ts';
import { recordPlan } from '../planHistory.ts';
import { logProblems, newWarnings } from '../problems.ts';
import type { RunContext } from '../runContext.ts';
import { lookUpAsNumbers } from './addressLookups.ts';
import { compareClocks } from './clocks.ts';
import { collectArchives } from './collectArchives.ts';
import { ingestDropFolder } from './dropFolder.ts';
import { loadPlanInTime } from './meshPlan.ts';

/** Results of collecting that the store does not hold. */
export interface CollectResult {
  /** null when the configuration names no psConfig template. */
  readonly plan: MeshPlan | null;
  /** The plan is that of all templates, as they are now. */
  readonly isPlanComplete: boolean;
  /** Every archive disagrees with the clock of this host. */
  readonly isHostClockWrong: boolean;
}

/** How many runs to search for one that finished; the last may have been killed. */
const recentRunCount = 10;

/**
 * Brings the store up to date with the archives, the psConfig templates, the drop folder and the
 * file of AS numbers. A failed source becomes a problem of the run; the others go on.
 */
export async function collect(run: RunContext): Promise<CollectResult> {
  const { archives, window, config, store, session, deadline, record } = run;
  store.clampFutureTimestamps(session.now);
  const [collected, { plan, ...planned }, ingested] = await raceWithAbort(
    Promise.all([
      collectArchives(archives, store, { window, overlapSeconds: config.overlapSeconds }, session),
      loadPlanInTime(config, session, deadline),
      ingestDropFolder(config, store, session, deadline),
    ]),
    session.signal,
  );
  const clocks = compareClocks(archives.flatMap(connectionsOf));
  const warnings = [...clocks.warnings, ...planned.warnings];
  const problems = [
    ...store.problems,
    ...collected.flatMap((each) => each.problems),
    ...ingested.problems,
    ...planned.problems,
    ...(await lookUpAsNumbers(store, config, session)),
  ];
  recordPlan(store, plan, session.now);
  record.addArchives(collected.map((each) => each.record));
  record.addWarnings(warnings);
  record.addProblems(problems);
  logProblems([...newWarnings(warnings, store.runs(recentRunCount)), ...problems], session.log);
  return {
    plan,
    isPlanComplete: planned.problems.length === 0,
    isHostClockWrong: clocks.isHostClockWrong,
  };
}
