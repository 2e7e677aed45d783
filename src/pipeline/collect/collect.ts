import { raceWithAbort } from '../../lib/interrupt.ts';
import type { MeshPlan } from '../../model/test/meshPlan.ts';
import { openRunClock } from '../clock/openRunClock.ts';
import { recordPlan } from '../planHistory.ts';
import { logProblems, newWarnings } from '../problems.ts';
import type { RunContext } from '../runContext.ts';
import { lookUpAsNumbers } from './addressLookups.ts';
import { collectArchives } from './collectArchives.ts';
import { ingestDropFolder } from './dropFolder.ts';
import { loadPlanInTime } from './meshPlan.ts';

/** Results of collecting that the store does not hold. */
export interface CollectResult {
  /** null when the configuration names no psConfig template. */
  readonly plan: MeshPlan | null;
  /** The plan is that of all templates, as they are now. */
  readonly isPlanComplete: boolean;
  /** The trusted reading of the clock before this run, epoch seconds; null for none. */
  readonly trustedBefore: number | null;
}

/** How many runs to search for one that finished; the last may have been killed. */
const recentRunCount = 10;

/**
 * Brings the store up to date with the archives, the psConfig templates, the drop folder and the
 * file of AS numbers. A failed source becomes a problem of the run; the others go on. Throws a
 * `ClockDoubtError` before anything is stored.
 */
export async function collect(run: RunContext): Promise<CollectResult> {
  const { archives, window, again = false, config, store, session, deadline, record } = run;
  const clock = openRunClock(run);
  const request = { window, overlapSeconds: config.overlapSeconds, again };
  const [collected, [{ plan, ...planned }, ingested]] = await raceWithAbort(
    Promise.all([
      collectArchives(archives, store, request, session, clock),
      clock.opened.then(() =>
        Promise.all([
          loadPlanInTime(config, session, deadline),
          ingestDropFolder(config, store, session, deadline),
        ]),
      ),
    ]),
    session.signal,
  );
  const warnings = [
    ...clock.warnings(),
    ...planned.warnings,
    ...collected.flatMap((each) => each.warnings),
  ];
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
    trustedBefore: clock.trustedBefore(),
  };
}
