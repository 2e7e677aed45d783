import type { Mask } from '../../mask/mask.ts';
import { preview } from '../../notify/message/preview.ts';
import type { Recipient } from '../../notify/routing/recipient.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';
import { maskPending } from './maskPending.ts';

/** Prints the pending notifications as the recipients would see them, or that there are none. */
export function printPending(
  { outbox }: Pick<Store, 'outbox'>,
  recipients: readonly Recipient[],
  openMask: () => Mask | null,
  { print }: Pick<Session, 'print'>,
): void {
  const pending = outbox.pending();
  if (pending.length === 0) {
    print('A run would send nothing.');
    return;
  }
  for (const entry of maskPending(pending, openMask())) {
    const channel = recipients.find(({ id }) => id === entry.recipient)?.channel ?? 'email';
    print(preview(entry, channel));
  }
}
