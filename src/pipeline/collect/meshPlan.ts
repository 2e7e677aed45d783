import { join } from 'node:path';
import type { Config } from '../../config/load.ts';
import { type Deadline, isOutOfTime } from '../../lib/deadline.ts';
import { raceWithAbort } from '../../lib/interrupt.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { MeshPlan } from '../../model/test/meshPlan.ts';
import { outOfTimeProblem } from '../problems.ts';
import type { Session } from '../session.ts';

/** The plan of the psConfig templates, null without templates, and the problems. */
export interface MeshPlanResult {
  readonly plan: MeshPlan | null;
  readonly problems: readonly Problem[];
  /** Parts of the templates that pstrace does not read. */
  readonly warnings: readonly Problem[];
}

/**
 * Loads the templates of the configuration; if not `online`, from the cache of earlier runs. Throws
 * a `UsageError` for an unreadable certificate file.
 */
export async function loadMeshPlan(
  { psconfig, state, timeoutSeconds, retries, maxResponseBytes }: Config,
  online: boolean,
  { log }: Session,
): Promise<MeshPlanResult> {
  const { locations, caFile, insecure, allow } = psconfig;
  if (locations.length === 0) return { plan: null, problems: [], warnings: [] };
  // Loaded on demand: without templates there is no need for an HTTP client.
  const { loadPlan } = await import('../../sources/psconfig/loadPlan.ts');
  const { readPem } = await import('../readPem.ts');
  const caPem = caFile === null || !online ? null : readPem(caFile);
  const cache = join(state, 'psconfig');
  const options = { cache, caPem, insecure, timeoutSeconds, retries, maxResponseBytes };
  return loadPlan(locations, { ...options, online, allow }, log);
}

/** As `loadMeshPlan` online; at the end of the run's time, as offline. */
export async function loadPlanInTime(
  config: Config,
  session: Session,
  { seconds, signal }: Deadline,
): Promise<MeshPlanResult> {
  try {
    return await raceWithAbort(loadMeshPlan(config, true, session), signal);
  } catch (error) {
    if (!isOutOfTime(signal)) throw error;
    const earlier = await loadMeshPlan(config, false, session);
    const message = 'The templates take longer. pstrace uses the last good copies.';
    return {
      ...earlier,
      problems: [...earlier.problems, outOfTimeProblem('psconfig', seconds, message)],
    };
  }
}
