import { setImmediate } from 'node:timers/promises';
import type { Store } from '../store/store.ts';
import type { Session } from './session.ts';

/** So many in one transaction: enough to make it worth its while, few enough to be stopped soon. */
const atATime = 20;

/** Does work on one after the other, some of them in one transaction, as a phase of the progress that is shown. */
export async function inBatches<Each>(
  { transaction }: Pick<Store, 'transaction'>,
  all: readonly Each[],
  phase: string,
  { signal, progress }: Pick<Session, 'signal' | 'progress'>,
  work: (each: Each) => void,
): Promise<void> {
  const display = progress.phase(phase, all.length);
  for (let from = 0; from < all.length; from += atATime) {
    signal.throwIfAborted();
    const some = all.slice(from, from + atATime);
    transaction(() => {
      for (const each of some) work(each);
    });
    display.step(some.length);
    await setImmediate();
  }
}
