import { setTimeout as sleep } from 'node:timers/promises';
import { hourSeconds } from '../../model/time.ts';
import type { DeliveryOutbox } from '../../notify/channels/deliver.ts';
import { isLockedElsewhere } from '../../store/db/storeFailure.ts';
import type { Store } from '../../store/store.ts';

/** Longest wait for a database that another process has locked, such as a dry run. */
const maxWaitMs = hourSeconds * 1000;
const pauseMs = 1000;

/**
 * An outbox that waits while another process has locked the database: what a server has accepted
 * has to be recorded, or a later run sends it again. Rejects if the signal aborts.
 */
export function patientOutbox(outbox: Store['outbox'], signal: AbortSignal): DeliveryOutbox {
  return {
    pending: () => outbox.pending(),
    markSent: (...delivery) => insist(() => outbox.markSent(...delivery), signal),
    markFailed: (...failure) => insist(() => outbox.markFailed(...failure), signal),
  };
}

async function insist(write: () => void, signal: AbortSignal): Promise<void> {
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
