import { setImmediate } from 'node:timers/promises';
import { startDeadline } from '../lib/deadline.ts';
import type { Store } from '../store/store.ts';
import type { Session } from './session.ts';

/** Items per transaction: large enough to pay off, small enough to react to a signal quickly. */
const batchSize = 20;

/**
 * Calls `work` for each item, several in one transaction, and shows the progress as `phase`. Throws
 * the abort reason between two batches if the signal is aborted, and stops there after
 * `limitSeconds`. Returns the number of items that are done.
 */
export async function processInBatches<Each>(
  { transaction }: Pick<Store, 'transaction'>,
  items: readonly Each[],
  phase: string,
  {
    signal,
    progress,
    limitSeconds,
  }: Pick<Session, 'signal' | 'progress'> & { readonly limitSeconds?: number },
  work: (item: Each) => void,
): Promise<number> {
  const end = limitSeconds === undefined ? null : startDeadline(limitSeconds, signal).signal;
  const display = progress.phase(phase, items.length);
  for (let from = 0; from < items.length; from += batchSize) {
    signal.throwIfAborted();
    if (end?.aborted === true) return from;
    const batch = items.slice(from, from + batchSize);
    transaction(() => {
      for (const item of batch) work(item);
    });
    display.advance(batch.length);
    await setImmediate();
  }
  return items.length;
}
