import type { Finding } from '../../analysis/detection/finding.ts';
import { createDetectionState } from '../../analysis/detection/step.ts';
import { serializeState } from '../../analysis/detection/storedState.ts';
import { blankChange } from '../../model/change/blankChange.ts';
import { changeClasses, type Severity } from '../../model/change/change.ts';
import type { Retirer } from '../../model/test/test.ts';
import type { Store } from '../../store/store.ts';
import { resetActivity } from '../detect/testActivity.ts';
import type { KnownTest } from '../knownTests.ts';

/** The digest names what pstrace did by itself; an operator knows what he did. */
const severityOfRetirer: Readonly<Record<Retirer, Severity>> = {
  operator: 'info',
  template: 'minor',
};

/**
 * Retires tests at `now` (epoch seconds): they leave the mesh, and their open changes end. Should
 * one deliver again, its detection begins with a new baseline. Part of a transaction.
 */
export function retireTests(
  store: Store,
  tests: readonly KnownTest[],
  by: Retirer,
  now: number,
): void {
  if (tests.length === 0) return;
  const processedUntil = store.detectionStates.processedUntil();
  for (const { id, destination } of tests) {
    store.identities.setRetired(id, { at: now, by });
    store.identities.clearDetection(id);
    const until = processedUntil.get(id);
    if (until === undefined) continue;
    const state = createDetectionState(id, destination.address);
    store.detectionStates.save(id, { until, elements: [], engine: serializeState(state) });
  }
  const findings = tests.flatMap(({ id }): Finding[] => [
    { kind: 'withdrawn', testId: id, at: now, classes: changeClasses },
    {
      kind: 'change',
      change: blankChange(id, 'retired', severityOfRetirer[by], now),
      elements: [],
    },
  ]);
  store.detectionStates.queueFindings(findings);
  resetActivity(store, new Set(tests.map(({ id }) => id)), 'active');
}

/** Brings retired tests back into the mesh at `now` (epoch seconds). Part of a transaction. */
export function returnTests(store: Store, tests: readonly KnownTest[], now: number): void {
  for (const { id } of tests) store.identities.setRetired(id, null);
  store.detectionStates.queueFindings(
    tests.map(({ id }): Finding => {
      return { kind: 'change', change: blankChange(id, 'returned', 'info', now), elements: [] };
    }),
  );
}
