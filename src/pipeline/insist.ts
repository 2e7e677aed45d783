import { setTimeout as sleep } from 'node:timers/promises';
import { hourSeconds } from '../model/values/time.ts';
import { isLockedElsewhere } from '../store/db/storeFailure.ts';

/** Longest wait for a database that another process has locked, such as a dry run. */
const maxWaitMs = hourSeconds * 1000;
const pauseMs = 1000;

/**
 * Repeats a write to the database while another process has locked it: for what has to be recorded
 * after the run has released the state. A write that fails must change nothing. Rejects if the
 * signal aborts.
 */
export async function insist(write: () => void, signal: AbortSignal): Promise<void> {
  const end = performance.now() + maxWaitMs;
  for (;;) {
    try {
      write();
      return;
    } catch (error) {
      if (!isLockedElsewhere(error) || performance.now() >= end) throw error;
      await sleep(pauseMs);
      signal.throwIfAborted();
    }
  }
}
