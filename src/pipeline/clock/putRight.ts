import { createDetectionState } from '../../analysis/detection/step.ts';
import { serializeState } from '../../analysis/detection/storedState.ts';
import type { Store } from '../../store/store.ts';
import { startResolution } from '../../store/traces/chunkSpans.ts';
import type { StoredTest } from '../../store/traces/storedTest.ts';

/**
 * Corrects what a clock that was ahead has stored after `now`; traces only if they start after
 * `lastResultAt` (both epoch seconds). The detection goes on from the last state before that time;
 * what it finds again is not reported again. Part of a transaction.
 */
export function putRight(store: Store, now: number, lastResultAt: number): void {
  const processed = [...store.detectionStates.processedUntil()];
  const ahead = new Map(processed.filter(([, at]) => at > lastResultAt));
  store.clampAllFutureTimes(now, lastResultAt);
  for (const test of store.tests()) if (ahead.has(test.id)) rewindDetection(store, test);
}

function rewindDetection(store: Store, test: StoredTest): void {
  const { id, destination, newestTraceAt } = test;
  const { detectionStates, lateArrivals } = store;
  const detection = detectionStates.load(id);
  if (detection === null) return;
  if (lateArrivals.checkpoints(id).length === 0) {
    const engine = serializeState(createDetectionState(id, destination.address));
    lateArrivals.restoreCheckpoint(id, { until: 0, engine });
  }
  const from = lateArrivals.checkpointBefore(id, newestTraceAt ?? 0)?.until ?? 0;
  detectionStates.save(id, { ...detection, until: Math.max(newestTraceAt ?? 0, from) });
  lateArrivals.markLateFrom(id, from + startResolution);
}
