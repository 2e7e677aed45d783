import { isDeepStrictEqual } from 'node:util';
import type { Mask } from '../../mask/mask.ts';
import type { PendingEntry } from '../../model/alerting/outbox.ts';

/**
 * Pending messages as they may be sent now: the configuration may have hidden less when they were
 * composed. A message without anything to hide stays as it is. `mask`: null when nothing is hidden.
 */
export function maskPending(entries: readonly PendingEntry[], mask: Mask | null): PendingEntry[] {
  if (mask === null) return [...entries];
  return entries.map((entry) => {
    const body: unknown = JSON.parse(entry.body);
    const masked = mask.plain(body);
    return isDeepStrictEqual(masked, body) ? entry : { ...entry, body: JSON.stringify(masked) };
  });
}
