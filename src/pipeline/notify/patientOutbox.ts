import type { Mask } from '../../mask/mask.ts';
import type { DeliveryOutbox } from '../../notify/channels/deliver.ts';
import type { Store } from '../../store/store.ts';
import { insist } from '../insist.ts';
import { maskPending } from './maskPending.ts';

/**
 * An outbox that waits while another process has locked the database: what a server has accepted
 * has to be recorded, or a later run sends it again. Its messages are masked. Rejects if the signal
 * aborts.
 */
export function patientOutbox(
  outbox: Store['outbox'],
  mask: Mask | null,
  signal: AbortSignal,
): DeliveryOutbox {
  return {
    pending: () => maskPending(outbox.pending(), mask),
    markSent: (...delivery) => insist(() => outbox.markSent(...delivery), signal),
    markFailed: (...failure) => insist(() => outbox.markFailed(...failure), signal),
  };
}
