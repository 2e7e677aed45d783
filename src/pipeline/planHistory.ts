import type { MeshPlan } from '../model/test/meshPlan.ts';
import type { Store } from '../store/store.ts';

/** Name of the state of the mesh that holds the newest plan. */
const planKey = 'plan';

/** Stores a new plan, and retains the one that it replaces at `now` (epoch seconds). */
export function recordPlan(store: Store, plan: MeshPlan | null, now: number): void {
  const before = store.detectionStates.meshState(planKey);
  if (JSON.stringify(before) === JSON.stringify(plan)) return;
  store.transaction(() => {
    store.pastVersions.retain('plan', '', before, now);
    store.detectionStates.setMeshState(planKey, plan);
  });
}

/** The plan of a past moment (epoch seconds); `present`: the plan if no other followed. */
export function planAsOf(
  store: Pick<Store, 'pastVersions'>,
  at: number,
  present: MeshPlan | null,
): MeshPlan | null {
  const earlier = store.pastVersions.at('plan', at);
  return earlier.has('') ? (earlier.get('') as MeshPlan | null) : present;
}
