import { setImmediate } from 'node:timers/promises';
import type { Store } from '../store/store.ts';
import type { Session } from './session.ts';

/** So many in one transaction: enough to make it worth its while, few enough to be stopped soon. */
const batchSize = 20;

/** Does work on one after the other, some of them in one transaction, as a phase of the progress that is shown. */
export async function processInBatches<Each>(
  { transaction }: Pick<Store, 'transaction'>,
  items: readonly Each[],
  phase: string,
  { signal, progress }: Pick<Session, 'signal' | 'progress'>,
  work: (item: Each) => void,
): Promise<void> {
  const display = progress.phase(phase, items.length);
  for (let from = 0; from < items.length; from += batchSize) {
    signal.throwIfAborted();
    const batch = items.slice(from, from + batchSize);
    transaction(() => {
      for (const item of batch) work(item);
    });
    display.advance(batch.length);
    await setImmediate();
  }
}
